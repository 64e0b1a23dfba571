"""Lines of service: what is done beside the chain, each line in an app of its own."""
