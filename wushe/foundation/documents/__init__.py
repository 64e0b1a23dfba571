"""Documents on paper: what an office prints, signs and files, set by Typst with a font that travels with the product."""
