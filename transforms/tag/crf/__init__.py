"""Names by a linear-chain CRF on hashed features."""
