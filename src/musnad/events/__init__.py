"""Events: who did what to whom, coded as PLOVER from the Arabic words."""
