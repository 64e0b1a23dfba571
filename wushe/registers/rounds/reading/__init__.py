"""Reading what people typed: cells, numbers, dates, identities, headings and files. Pure: no Django, no database."""
