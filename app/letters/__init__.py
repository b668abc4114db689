"""Letters: their words are changed by administrators, kept, put back, and tried on oneself."""
