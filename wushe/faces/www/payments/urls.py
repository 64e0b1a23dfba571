"""Addresses of payments after settlement."""

from django.urls import path

from . import asking, lists, one

app_name = "payments"
urlpatterns = [
    path("", lists.home, name="pay_home"),
    path("statements/", lists.show_list, {"name": "statements"}, name="pay_statements"),
    path("statements/issue/", lists.issue, name="issue"),
    path("statements/<int:pk>/", one.statement, name="pay_statement"),
    path("statements/<int:pk>/statement.pdf", one.printed_statement, name="printed_statement"),
    path("statements/<int:pk>/act/<slug:act>/", one.statement_act, name="statement_act"),
    path("statements/<int:pk>/export/", one.statement_file, name="statement_file"),
    path("lines/<int:pk>/dispute/", one.dispute, name="dispute"),
    path("disputes/", lists.show_list, {"name": "disputes"}, name="pay_disputes"),
    path("disputes/<int:pk>/act/<slug:act>/", lists.act, {"name": "disputes"}, name="disputes_act"),
    path("payees/", lists.show_list, {"name": "payees"}, name="pay_payees"),
    path("payees/new/", asking.propose, name="propose_payee"),
    path("payees/<int:pk>/act/<slug:act>/", lists.act, {"name": "payees"}, name="payees_act"),
    path("batches/", lists.show_bank_list, {"name": "batches"}, name="pay_batches"),
    path("batches/draft/", lists.draft, name="draft"),
    path("batches/<int:pk>/", one.batch, name="pay_batch"),
    path("batches/<int:pk>/act/<slug:act>/", one.batch_act, name="batch_act"),
    path("batches/<int:pk>/bank-file/", one.bank_file, name="bank_file"),
    path("payments/<int:pk>/act/<slug:act>/", one.payment_act, name="payment_act"),
    path("bank/", lists.show_bank_list, {"name": "bank"}, name="bank_lines"),
    path("bank/read/", asking.read, name="read_bank"),
    path("bank/<int:pk>/", asking.bank_line, name="bank_line"),
    path("bank/<int:pk>/resolve/", asking.resolve, name="resolve"),
    path("year-end/", lists.show_list, {"name": "year_end"}, name="hold_releases"),
    path("year-end/score/", asking.score, name="score"),
    path("year-end/<int:pk>/act/<slug:act>/", lists.act, {"name": "year_end"}, name="year_end_act"),
    path("vouchers/", asking.voucher_page, name="vouchers"),
    path("vouchers/export/", asking.voucher_file, name="voucher_file"),
    path("export/<slug:name>/", lists.export, name="export"),
]
