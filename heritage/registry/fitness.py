"""Whether readers can be given a copy of a file: what other applications, of which the desk knows nothing, say of it."""

#: Called with (media type, file opened at its beginning); each returns why no copy for readers can be made of it, or an empty text.
asked = []
