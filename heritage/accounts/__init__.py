"""Accounts of the desk: logging in, the second factor, invitations, and what the journal keeps of them."""
