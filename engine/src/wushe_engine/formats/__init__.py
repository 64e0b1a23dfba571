"""Files in and out: versioned JSON, CSV, the HTML page of a plan, and public benchmark formats.

Every document says what it is (``format``) and in which edition (``version``); the schemas are in
docs/formats. Ids are opaque; nothing personal belongs into these files.
"""
