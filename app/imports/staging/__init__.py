"""The import desk: files of others staged, put beside what is here, decided row by row or many at once."""
