"""Pages: clinic."""

from django.urls import path

from vardnav.web.clinic.views import blocks, panel, person, queue, register, staffing, today

urlpatterns = [
    path("i-dag/", today.today, name="today"),
    path("i-dag/valkomna/", today.welcome, name="welcome"),
    path("listade/", panel.panel, name="panel"),
    path("listade/fast-lakare/", panel.name_doctor, name="panel_name_doctor"),
    path("listade/hamta.<slug:form>", register.register, name="panel_download"),
    path("person/<int:person_id>/", person.person, name="person"),
    path("person/<int:person_id>/behov/", person.state_need, name="state_need"),
    path("person/<int:person_id>/fast-lakare/", person.person_doctor, name="person_doctor"),
    path("person/<int:person_id>/fast-lakare/avsluta/", person.end_doctor, name="person_end_doctor"),
    path("person/<int:person_id>/lista/", person.choose_us, name="person_choose_us"),
    path("person/<int:person_id>/ko/", person.join_our_queue, name="person_join_queue"),
    path("person/<int:person_id>/ko/lamna/", person.leave_our_queue, name="person_leave_queue"),
    path("person/<int:person_id>/ta-in/", person.take_in, name="person_take_in"),
    path("person/<int:person_id>/valkomna/", person.welcome_one, name="person_welcome"),
    path("person/<int:person_id>/sparr/", blocks.person_block, name="person_block"),
    path("person/<int:person_id>/oppna/<int:opening_id>/", blocks.person_open_units, name="person_open_units"),
    path("person/<int:person_id>/oppna/<int:opening_id>/stang/", blocks.person_close, name="person_close"),
    path("person/<int:person_id>/oppna/<slug:how>/", blocks.person_open, name="person_open"),
    path("ko-och-tak/", queue.queue, name="queue"),
    path("ko-och-tak/ansok/", queue.ask_cap, name="ask_cap"),
    path("ko-och-tak/ansok/<int:cap_id>/ta-tillbaka/", queue.withdraw_cap, name="withdraw_cap"),
    path("bemanning/", staffing.staffing, name="staffing"),
]
