"""What was published: editions, their index and the ledger."""
