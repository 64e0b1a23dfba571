"""Excel rounds: a station's spreadsheet becomes rows of a register, checked cell by cell, and never twice."""
