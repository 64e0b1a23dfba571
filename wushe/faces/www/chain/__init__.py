"""Pages of the chain: any need opens as the timeline of its whole chain, for every role that may see it."""
