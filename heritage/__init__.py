"""Heritage Register: attributed, cited claims about monuments, cemeteries and sites."""
