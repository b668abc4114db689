"""The places of an area as a device keeps them, to be filtered and read without network."""
