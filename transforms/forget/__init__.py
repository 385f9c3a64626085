"""Forget: rows, and what was kept of them elsewhere, leave a dataset; hashes keep them from coming back."""
