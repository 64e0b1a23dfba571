"""The addresses of the district journey."""

from django.urls import path

from . import breaks, holidays, journal, overview, presets, rows

app_name = "district"
urlpatterns = [
    path("", overview.home, name="home"),
    path("ranking/export/", overview.export_ranking, name="export_ranking"),
    path("indicators/", overview.indicators, name="indicators"),
    path("map/", overview.map_page, name="map"),
    path("breaks/", breaks.breaks_page, name="breaks"),
    path("rows/<slug:kind>/<slug:code>/", rows.rows_page, name="rows"),
    path("rows/<slug:kind>/<slug:code>/export/", rows.export_rows, name="export_rows"),
    path("journal/", journal.journal_page, name="journal"),
    path("journal/export/", journal.export_journal, name="export_journal"),
    path("journal/verify/", journal.verify_journal, name="verify_journal"),
    path("presets/", presets.presets_page, name="presets"),
    path("holidays/", holidays.holidays, name="holidays"),
    path("holidays/<int:special_day_id>/clear/", holidays.clear_holiday, name="clear_holiday"),
    path("presets/<str:key>/", presets.preset_page, name="preset"),
]
