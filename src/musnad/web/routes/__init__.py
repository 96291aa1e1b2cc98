"""Routes of the pages, one module a room of the reading room."""
