"""The addresses of the volunteer's own pages."""

from django.urls import path

from . import acts, arriving, certificates, pages

app_name = "volunteer"
urlpatterns = [
    path("", pages.service, name="service"),
    path("posts/", pages.posts, name="posts"),
    path("posts/<int:pk>/", pages.post, name="post"),
    path("posts/<int:pk>/sign-up/", acts.take, name="sign_up"),
    path("shifts/", pages.shifts, name="shifts"),
    path("sign-ups/<int:pk>/", pages.sign_up, name="one_sign_up"),
    path("sign-ups/<int:pk>/leave/", acts.leave, name="leave"),
    path("sign-ups/<int:pk>/swap/", acts.swap, name="swap"),
    path("swaps/<int:pk>/", acts.answer, name="answer_swap"),
    path("sign-ups/<int:pk>/rate/", acts.rate, name="rate"),
    path("code/<int:pk>/<slug:code>/", arriving.code, name="code"),
    path("arrive/<int:pk>/", arriving.arrive, name="arrive"),
    path("hours/", pages.hours, name="hours"),
    path("hours/<int:pk>/correct/", acts.correct, name="correct"),
    path("record/", pages.record, name="record"),
    path("certificates/", certificates.certificates, name="certificates"),
    path("certificates/<int:pk>/", certificates.printed, name="certificate"),
    path("verify/", certificates.verify, name="verify"),
    path("messages/", acts.messages_read, name="messages_read"),
]
