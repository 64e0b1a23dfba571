"""The addresses of all pages; each journey keeps its own list."""

from django.urls import include, path

from .account import feed
from .account import views as account

urlpatterns = [
    path("", account.home, name="home"),
    path("login/", account.sign_in, name="login"),
    path("logout/", account.sign_out, name="logout"),
    path("role/", account.choose_role, name="choose_role"),
    path("care/", account.care_mode, name="care_mode"),
    path("calendar/", feed.feed, name="feed"),
    path("calendar/close/", feed.close, name="close_feed"),
    path("styleguide/", account.styleguide, name="styleguide"),
    path("community/", include("wushe.faces.www.community.urls")),
    path("projects/", include("wushe.faces.www.projects.urls")),
    path("centre/", include("wushe.faces.www.centre.urls")),
    path("organisation/", include("wushe.faces.www.organisation.urls")),
    path("quality/", include("wushe.faces.www.quality.urls")),
    path("accounts/", include("wushe.faces.www.accounts.urls")),
    path("worker/", include("wushe.faces.www.worker.urls")),
    path("volunteer/", include("wushe.faces.www.volunteer.urls")),
    path("volunteering/", include("wushe.faces.www.volunteering.urls")),
    path("resident/", include("wushe.faces.www.resident.urls")),
    path("time-bank/", include("wushe.faces.www.time_bank.urls")),
    path("charity/", include("wushe.faces.www.charity.urls")),
    path("goods/", include("wushe.faces.www.goods.urls")),
    path("payments/", include("wushe.faces.www.payments.urls")),
    path("disclosure/", include("wushe.faces.www.disclosure.urls")),
    path("district/", include("wushe.faces.www.district.urls")),
    path("chain/", include("wushe.faces.www.chain.urls")),
    path("catalogue/", include("wushe.faces.www.catalogue.urls")),
    path("registers/", include("wushe.faces.www.registers.urls")),
    path("duplicates/", include("wushe.faces.www.duplicates.urls")),
    path("areas/", include("wushe.faces.www.areas.urls")),
    path("children/", include("wushe.faces.www.children.urls")),
    path("hotline/", include("wushe.faces.www.hotline.urls")),
    path("selections/", include("wushe.faces.www.selections.urls")),
    path("wishes/", include("wushe.faces.www.wishes.urls")),
    path("scouts/", include("wushe.faces.www.scouts.urls")),
    path("answers/", include("wushe.faces.www.judging.urls")),
    path("check-in/", include("wushe.faces.www.check_in.urls")),
    path("due-visits/", include("wushe.faces.www.due_visits.urls")),
    path("door-knock/", include("wushe.faces.www.door_knock.urls")),
    path("rounds/", include("wushe.faces.www.rounds.urls")),
    path("admin/", include("wushe.faces.www.admin.urls")),
]

handler403 = "wushe.faces.www.account.views.refused"
