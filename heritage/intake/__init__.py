"""The door for suppliers' files: read, map, plan, apply, undo. Nothing reaches the register but through a plan that was shown."""
