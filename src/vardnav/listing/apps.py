from django.apps import AppConfig


class ListingConfig(AppConfig):
    name = "vardnav.listing"
    label = "listing"

    def ready(self) -> None:
        from vardnav.listing.selectors import has_resident, sources_of, spans_of
        from vardnav.patients import relations

        relations.register("listed", has_resident, sources_of, spans_of)
