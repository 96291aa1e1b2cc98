"""The reading room: a case file in the browser, in Arabic and English."""
