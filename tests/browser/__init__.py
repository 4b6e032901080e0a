"""The reading room and the desk in Chromium, served by the first command of the README."""
