"""vardnav openapi."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def openapi(
    to: Annotated[Path | None, typer.Option(help="Write the text to this file instead of the terminal.")] = None,
) -> None:
    """Print the OpenAPI text of the API. No database is needed."""
    import django

    django.setup()
    from vardnav.api.v1 import api

    text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if to is None:
        typer.echo(text, nl=False)
    else:
        to.write_text(text, encoding="utf-8")
