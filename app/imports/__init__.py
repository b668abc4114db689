"""Real data from elsewhere: read, mapped by a declaration, looked at in a dry run, queued or published."""
