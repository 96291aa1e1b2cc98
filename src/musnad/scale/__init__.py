"""Archive scale: one pure function from a batch of articles to a batch of records, under a process pool or Spark."""
