"""Uploads on their way to the disk, in files without a name: when their process ends, however it ends, they are gone."""

import tempfile

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler


class NamelessUploadedFile(UploadedFile):
    """An upload in a file of the temporary folder that no other process can open."""

    def __init__(self, name, content_type, size, charset, content_type_extra=None):
        file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 the request closes it
        super().__init__(file, name, content_type, size, charset, content_type_extra)


class NamelessFileUploadHandler(TemporaryFileUploadHandler):
    """Writes uploads into nameless files; Django's own leaves its file behind when its process is killed."""

    def new_file(self, *args, **kwargs):
        FileUploadHandler.new_file(self, *args, **kwargs)
        self.file = NamelessUploadedFile(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)

    def upload_interrupted(self):
        if hasattr(self, "file"):
            self.file.close()
