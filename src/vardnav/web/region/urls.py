from django.urls import path

from vardnav.web.region.views import clinics, decisions, overview, places

urlpatterns = [
    path("laget/", overview.overview, name="overview"),
    path("laget/manader.csv", overview.series, name="series"),
    path("laget/definitioner/", overview.definitions, name="definitions"),
    path("laget/manad/<int:year>-<int:month>/", overview.month_report, name="month_report"),
    path("regionen/vardcentraler/", clinics.clinics, name="clinics"),
    path("regionen/vardcentraler.csv", clinics.as_csv, name="clinics_csv"),
    path("regionen/vardcentraler.xlsx", clinics.as_xlsx, name="clinics_xlsx"),
    path("regionen/vardcentraler/<int:clinic_id>/", places.clinic, name="region_clinic"),
    path("regionen/vardcentraler/<int:clinic_id>/manader.csv", places.clinic_months, name="region_clinic_series"),
    path("regionen/vardcentraler/kommun/<str:code>/", places.municipality, name="region_municipality"),
    path(
        "regionen/vardcentraler/kommun/<str:code>/manader.csv",
        places.municipality_months,
        name="region_municipality_series",
    ),
    path("regionen/karta/kommuner.json", clinics.areas_json, name="map_areas"),
    path("regionen/karta/punkter.json", clinics.points_json, name="map_points"),
    path("tak-och-beslut/", decisions.decisions, name="decisions"),
    path("tak-och-beslut/nytt/", decisions.grant, name="grant_cap"),
    path("tak-och-beslut/<int:cap_id>/", decisions.decide, name="decide_cap"),
]
