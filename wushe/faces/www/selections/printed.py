"""The summary of a contract, for those who may see its proposal."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.lines.selections.printing import contract_of, contract_pdf
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names


@require_GET
@allow("selections:view")
def contract(request: PageRequest, pk: int) -> HttpResponse:
    """Give the summary of the contract of a proposal as PDF."""
    one = contract_of(actor=request.actor, proposal_id=pk)
    selection = one.proposal.selection
    address = request.build_absolute_uri(reverse("selections:one", args=[selection.pk]))
    issuer = place_names(codes=[selection.area_code], from_level=Level.DISTRICT).get(selection.area_code, "")
    made = contract_pdf(one, issuer=issuer, address=address)
    head = {"Content-Disposition": f'inline; filename="contract-{one.pk}.pdf"'}
    return HttpResponse(made, headers=head, content_type="application/pdf")
