from django.urls import path

from vardnav.web.admin.views import accounts, assignments, keys, log, parameters

urlpatterns = [
    path("konton/", accounts.accounts, name="accounts"),
    path("konton/nytt/", accounts.open_account, name="account_open"),
    path("konton/<int:account_id>/", accounts.account, name="account"),
    path("konton/<int:account_id>/losenord/", accounts.reset_password, name="account_reset_password"),
    path("konton/<int:account_id>/nollstall/", accounts.reset_factors, name="account_reset_factors"),
    path("konton/<int:account_id>/las-upp/", accounts.unlock, name="account_unlock"),
    path("konton/<int:account_id>/stang/", accounts.close, name="account_close"),
    path("konton/<int:account_id>/avsluta-inloggningar/", accounts.end_sessions, name="account_end_sessions"),
    path("konton/<int:account_id>/uppdrag/", assignments.give, name="assignment_give"),
    path("konton/uppdrag/<int:assignment_id>/avsluta/", assignments.end, name="assignment_end"),
    path("regler/", parameters.parameters, name="parameters"),
    path("regler/<slug:name>/", parameters.parameter, name="parameter"),
    path("api-nycklar/", keys.api_keys, name="api_keys"),
    path("api-nycklar/ny/", keys.issue, name="api_key_issue"),
    path("api-nycklar/<int:key_id>/aterkalla/", keys.revoke, name="api_key_revoke"),
    path("logg/", log.audit_search, name="audit_search"),
    path("logg/hamta/", log.download, name="audit_download"),
]
