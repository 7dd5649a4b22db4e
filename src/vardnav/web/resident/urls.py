from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from vardnav.web.resident.views import blocks, children, choose, find, home, log, mine

# The same pages about me and about a child of mine: `web:offer` and `web:child_offer`.
ABOUT_ONE: list[tuple[str, str, Callable[..., HttpResponse], str]] = [
    ("min-vardcentral/", "", mine.my_clinic, "my_clinic"),
    ("min-vardcentral/angra/", "angra/", mine.undo_change, "undo_change"),
    ("min-vardcentral/lamna/", "lamna/", mine.leave_clinic, "leave_clinic"),
    ("min-vardcentral/lamna-kon/", "lamna-kon/", mine.leave_queue, "leave_queue"),
    ("min-vardcentral/erbjudande/", "erbjudande/", mine.offer, "offer"),
    ("min-vardcentral/klart/<slug:what>/", "klart/<slug:what>/", mine.receipt, "receipt"),
    ("vardcentraler/<int:clinic_id>/valj/", "valj/<int:clinic_id>/", choose.choose_clinic, "choose_clinic"),
    ("vardcentraler/<int:clinic_id>/ko/", "ko/<int:clinic_id>/", choose.join_queue, "join_queue"),
    ("sparra/", "sparra/", blocks.blocks, "blocks"),
    ("vem-har-last/", "vem-har-last/", log.my_log, "my_log"),
    ("vem-har-last/hamta.csv", "vem-har-last/hamta.csv", log.my_log_file, "my_log_file"),
]


def both(mine_at: str, child_at: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    return [
        path(mine_at, view, name=name),
        path(f"barn/<int:child_id>/{child_at}", view, name=f"child_{name}"),
    ]


urlpatterns = [
    path("hem/", home.home, name="home"),
    path("sparra/<str:unit>/", blocks.place_block, name="place_block"),
    path("sparra/<str:unit>/hav/", blocks.lift_block, name="lift_block"),
    path("meddelanden/", home.messages, name="messages"),
    path("barn/", children.children, name="children"),
    path("barn/<int:child_id>/svara/<int:choice_id>/", children.answer_choice, name="child_answer_choice"),
    path("hitta-vardcentral/", find.find_clinic, name="find_clinic"),
    path("hitta-vardcentral/kommuner.geojson", find.municipality_shapes, name="municipality_shapes"),
    path("hitta-vardcentral/vardcentraler.geojson", find.clinic_points, name="clinic_points"),
    path("vardcentraler/<int:clinic_id>/", find.clinic_page, name="clinic_page"),
    path("barn/<int:child_id>/hitta-vardcentral/", find.child_find_clinic, name="child_find_clinic"),
    path("barn/<int:child_id>/vardcentraler.geojson", find.child_clinic_points, name="child_clinic_points"),
    path("barn/<int:child_id>/vardcentraler/<int:clinic_id>/", find.child_clinic_page, name="child_clinic_page"),
    *[pattern for one in ABOUT_ONE for pattern in both(*one)],
]
