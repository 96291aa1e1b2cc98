"""Times: dates, clock times, durations and sets, with TIMEX3 values and the days they can mean."""
