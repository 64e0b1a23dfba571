"""Excel rounds at the desk: upload, preview, columns, import, result."""
