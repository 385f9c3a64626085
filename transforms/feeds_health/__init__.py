"""How each feed does: what its polls came to, and what it has carried."""
