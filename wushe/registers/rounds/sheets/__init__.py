"""The registers' spreadsheets as data: their columns, what offices call them, and how each cell is read. Pure."""
