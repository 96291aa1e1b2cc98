"""Reading: bytes and files of many kinds into articles."""
