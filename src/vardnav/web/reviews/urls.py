"""Pages: reviews of the log."""

from django.urls import path

from vardnav.web.reviews.views import desk, flags, follow

urlpatterns = [
    path("granskningar/", follow.reviews, name="reviews"),
    path("granskningar/ny/", desk.extra, name="review_new"),
    path("granskningar/resultat/", follow.results, name="review_results"),
    path("granskningar/resultat.csv", follow.download, name="review_results_csv"),
    path("granskningar/fragor/", follow.questions, name="review_questions"),
    path("granskningar/bevakning/", flags.flags, name="review_flags"),
    path("granskningar/bevakning/<int:flag_id>/avsluta/", flags.end, name="review_flag_end"),
    path("granskningar/<int:review_id>/", desk.review, name="review"),
    path("granskningar/<int:review_id>/klar/", desk.finish, name="review_finish"),
    path("granskningar/rad/<int:item_id>/bedom/", desk.judge, name="review_judge"),
    path("granskningar/rad/<int:item_id>/visa/", desk.show, name="review_show"),
    path("granskningar/rad/<int:item_id>/incident/", desk.incident, name="review_incident"),
    path("granskningar/rad/<int:item_id>/svar/", follow.answer, name="review_answer"),
]
