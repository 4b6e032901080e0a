"""The BagIt profile of our bags: what an archive may count on. Source: BagIt Profiles Specification 1.4.0. No Django."""

FORMAT = "1"  #: version of this format: raised when an older program could misread a newer bag
IDENTIFIER = "urn:heritage-register:bagit-profile:1"
LEVELS = ("public", "full")
SEALED_WORDS = ("nothing sealed", "sealed as a whole")  #: of full bags: without and with what is sealed at the desk

#: Never in a bag, and never taken from one: column → what stands in its place. Passwords, rights that come from no group, and
#: where files lie on a machine: a restored import would read whatever file of the other machine has that path.
BLANKED = {
    "auth.user.password": "!",
    "auth.user.last_login": None,
    "auth.user.is_superuser": False,
    "auth.user.user_permissions": [],
    "intake.batch.path": "",
}
#: Those of them that bags of earlier versions may have; they are left behind when such a bag is restored.
ONCE_WRITTEN = {"auth.user.is_superuser", "auth.user.user_permissions", "intake.batch.path"}


def required(**more):
    return {"required": True, "repeatable": False} | more


PROFILE = {
    "BagIt-Profile-Info": {
        "BagIt-Profile-Identifier": IDENTIFIER,
        "BagIt-Profile-Version": "1.4.0",
        "Source-Organization": "Heritage Register",
        "External-Description": "Deposits of a heritage register: its published editions with their ledger, and more.",
        "Version": FORMAT,
        "Contact-Name": "The body that runs the register, named as Source-Organization of each bag",
        "Contact-Email": "none",
    },
    "Bag-Info": {
        "BagIt-Profile-Identifier": required(values=[IDENTIFIER]),
        "Source-Organization": required(),
        "External-Description": required(),
        "External-Identifier": required(),
        "Bagging-Date": required(),
        "Payload-Oxum": required(),
        "Heritage-Format": required(values=[FORMAT]),
        "Heritage-Level": required(values=list(LEVELS)),
        "Heritage-Ledger-Head": required(),
        "Heritage-Media": required(values=["held files", "left out"]),
        "Heritage-Site": required(values=["pages", "left out"]),
        "Heritage-Sealed": {"required": False, "repeatable": False, "values": list(SEALED_WORDS)},
        "Heritage-Custodian": {"required": False, "repeatable": True},
        "Heritage-Rows": {"required": True, "repeatable": True},
        "Heritage-Previous": {"required": False, "repeatable": False},
    },
    "Manifests-Required": ["sha256", "sha512"],
    "Manifests-Allowed": ["sha256", "sha512"],
    "Tag-Manifests-Required": ["sha256", "sha512"],
    "Tag-Manifests-Allowed": ["sha256", "sha512"],
    "Tag-Files-Required": ["bagit-profile.json"],
    "Tag-Files-Allowed": ["bagit-profile.json", "tagmanifest-sha512.txt.minisig", "tagmanifest-sha512.txt.tsr"],
    "Allow-Fetch.txt": False,
    "Fetch.txt-Required": False,
    "Data-Empty": False,
    "Serialization": "optional",
    "Accept-Serialization": ["application/x-tar", "application/tar", "application/zip"],
    "Accept-BagIt-Version": ["1.0"],
}
