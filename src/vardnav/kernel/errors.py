"""Why a command or a request is not carried out, said in one sentence."""


class Refusal(Exception):  # noqa: N818  the house names exceptions as statements
    """Work that cannot be done as things are; the text is one clear sentence for the person who asked."""
