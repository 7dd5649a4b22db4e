from django.urls import path

from vardnav.web.identity import oidc, second, security, sessions, views

urlpatterns = [
    path("", views.start, name="start"),
    path("logga-in/", views.login, name="login"),
    path("logga-ut/", sessions.logout, name="logout"),
    path("legitimera/<str:who>/", oidc.begin, name="oidc_begin"),
    path("legitimera/<str:who>/svar/", oidc.answer, name="oidc_answer"),
    path("inloggningar/", sessions.my_sessions, name="my_sessions"),
    path("inloggningar/avsluta-andra/", sessions.end_other_sessions, name="end_other_sessions"),
    path("inloggningar/<int:session_id>/avsluta/", sessions.end_session, name="end_session"),
    path("inloggningar/kvar/", sessions.stay, name="stay"),
    path("uppdrag/", views.assignments, name="assignments"),
    path("logga-in/nytt-losenord/", second.first_password, name="first_password"),
    path("logga-in/andra-steget/", security.factor_choose, name="factor_choose"),
    path("logga-in/kod/", second.second_step, name="second_step"),
    path("logga-in/passnyckel/", second.passkey_login, name="passkey_login"),
    path("logga-in/passnyckel/fraga/", second.passkey_question, name="passkey_question"),
    path("sakerhet/", security.security, name="security"),
    path("sakerhet/bekrafta/", security.confirm, name="confirm"),
    path("sakerhet/bekrafta/passnyckel/", security.confirm_by_passkey, name="confirm_by_passkey"),
    path("sakerhet/losenord/", security.password, name="password"),
    path("sakerhet/app/", security.app_add, name="app_add"),
    path("sakerhet/app/ta-bort/", security.app_remove, name="app_remove"),
    path("sakerhet/passnyckel/", security.passkey_add, name="passkey_add"),
    path("sakerhet/passnyckel/fraga/", security.passkey_add_question, name="passkey_add_question"),
    path("sakerhet/passnyckel/<int:passkey_id>/", security.passkey_name, name="passkey_name"),
    path("sakerhet/passnyckel/<int:passkey_id>/ta-bort/", security.passkey_remove, name="passkey_remove"),
    path("sakerhet/reservkoder/", security.recovery_codes, name="recovery_codes"),
]
