# Aliases only: ./dev does the work.
.PHONY: setup run test check lock backup doctor
setup run test check lock backup doctor:
	@./dev $@
