"""The bag's own ``README.txt``: what it is and how to check it with standard tools only, in plain words. No Django."""

README = """\
{title}
{underline}

What this is
  A deposit of a register of monuments, cemeteries and sites whose history is disputed or in danger. The register holds
  no facts of its own: every statement is the claim of the body named beside it, with its date and the source it rests
  on. It names no winner among contradicting claims and ranks no name above another. Whoever repeats a statement without
  its claimant and date changes its meaning.

  Made by     {organisation}
  As of       {date} (the last entry of the ledger)
  Level       {level}
  Ledger head {head}

{level_words}

How to read it
  {site_words}
  {p}editions.jsonl   every published record, one a line, in the order of publication; a line that says null is one whose
                    content was taken back (the ledger still holds its hash)
  {p}ledger.jsonl     one line for each line of {p}editions.jsonl: what, which version, when, its SHA-256 and its link
  tables/           the current statements as CSV (UTF-8), described by {p}datapackage.json and {p}csv-metadata.json
  {p}monuments.geojson  shown positions for a map (WGS 84)
  {p}vocabulary.ttl   all terms with their definitions (SKOS)
  {p}record.schema.json  what a line of {p}editions.jsonl is made of (JSON Schema)
  fixtures/         the database rows from which this register can be run again
  media/            held files, each named by its SHA-256 (only if there are any)
  ro-crate-metadata.json  this list for programs (RO-Crate)

  Dates are numbers year x 10000 + month x 100 + day in astronomical years (0 is 1 BCE), with 00 for an unknown month or
  day; beside them stands the text as found. CSV cells are as they are: before you open a table in a spreadsheet, import
  it as text, since a cell that begins with = would be taken for a formula.

How to check it with standard tools only (in the folder that holds bagit.txt)
  1. Nothing is altered. Both print nothing where all is well:
                               sha256sum --quiet -c manifest-sha256.txt
                               sha512sum --quiet -c tagmanifest-sha512.txt
     (tagmanifest-sha512.txt covers manifest-sha256.txt, bag-info.txt and the rest.)
  2. Nothing is missing or added. This prints what is only on the disk or only in the list, and nothing where all is well:
                               (find data -type f; cut -c67- manifest-sha256.txt) | LC_ALL=C sort | uniq -u
     Or run any BagIt program (RFC 8493), for example: bagit.py --validate .
  3. An edition is what the ledger says, here the last. The first command prints what the second shows as "sha256":
                               tail -n 1 data/{p}editions.jsonl | tr -d '\\n' | sha256sum
                               tail -n 1 data/{p}ledger.jsonl
     All of them; it names what differs, and nothing where all is well:
       sed 's/.*"sha256": "\\([0-9a-f]*\\)".*/\\1/' data/{p}ledger.jsonl | paste - data/{p}editions.jsonl |
       while IFS="$(printf '\\t')" read -r sha record; do
         [ "$record" = null ] || [ "$(printf %s "$record" | sha256sum | cut -c1-64)" = "$sha" ] || echo "differs: $sha"
       done
  4. The ledger is a chain: each link is the SHA-256 of five lines, with a line feed between them and none at the end:
     the link before (64 zeros before the first), the edition's SHA-256, its reference, its version, its time. This
     follows it from the first line to the last and prints the head, which is to be the one named above:
       sed 's/.*"ref": "\\([^"]*\\)", "version": \\([0-9]*\\), .*"published_at": "\\([^"]*\\)", "sha256": "\\([^"]*\\)", "link": "\\([^"]*\\)".*/\\1 \\2 \\3 \\4 \\5/' data/{p}ledger.jsonl | (
         link=$(sed -n 's/.*"ledger_head": "\\([0-9a-f]*\\)".*/\\1/p' data/{p}since.json 2>/dev/null)
         link=${{link:-{zeros}}}
         while read -r ref version time sha next; do
           link=$(printf '%s\\n%s\\n%s\\n%s\\n%s' "$link" "$sha" "$ref" "$version" "$time" | sha256sum | cut -c1-64)
           [ "$link" = "$next" ] || {{ echo "the chain breaks at $ref version $version"; break; }}
         done
         echo "$link"
       )
     Compare the last link with one that was published elsewhere or earlier: the chain shows that nothing inside was
     changed, a head known from elsewhere that nothing was cut off.
  5. Who made it, if a file tagmanifest-sha512.txt.minisig is there (minisign; the key is on the register's page /about/):
                               minisign -V -P PUBLIC-KEY -m tagmanifest-sha512.txt
  6. When it was there at the latest, if a file tagmanifest-sha512.txt.tsr is there (RFC 3161):
                               openssl ts -verify -in tagmanifest-sha512.txt.tsr -data tagmanifest-sha512.txt -CAfile CA.pem
     CA.pem is the certificate of whoever runs the stamping service; get it from them, not from us.

If it adds to an earlier bag (only if data/{p}since.json is there)
  Then this bag holds what is new since that one, whose tagmanifest-sha512.txt has the SHA-256 that bag-info.txt gives as
  Heritage-Previous. The checks above hold for it as it stands (where nothing was published since, it has no ledger, and
  3. and 4. have nothing to check); the chain begins at the head of that one. With both:
                               manage.py verify_archive THIS --previous THAT
  By hand: {p}unchanged.txt lists what to take from data/ of that bag as it is there, {p}removed.txt what is no more. Of
  {p}editions.jsonl, {p}ledger.jsonl and the database rows of editions put its lines before those of this bag; then each line
  of since/NAME.changed (a number, a space, a line) takes the place of the line with that number. {p}since.json has the SHA-256
  of what comes out.

How to run it again
  With the software of the register, in an empty database: manage.py restore_archive FOLDER
  Any Django can load fixtures/*.jsonl with loaddata, in the order of their numbers.
"""
LEVELS = {
    "public": """\
  public: what any reader of the register's pages could see on that day, and nothing else. It was made from the published
  editions alone. Exact positions are rounded where they were rounded for readers.""",
    "full": """\
  full: THE WHOLE DESK, WITH WHAT IS NOT PUBLIC: drafts, exact positions, sealed sources, notes, the journal and the names
  of accounts. Keep it closed. Every file says “full” in its name or folder. With it come the imports: each row of each
  supplier's file as it came, and what was made of it. Not in it: passwords, who is a superuser, sessions, permissions
  given to no group, what can be made anew from the rest, and the list of deposits, since no bag can hold its own entry.
  What readers do not see is listed by class in {p}withheld.csv.
  {sealed}""",
}
SEALED = {
    True: """\
SEALED AS A WHOLE: among it is what the desk has sealed for two named custodians. What is sealed is never exported with
  other levels; so that it is not lost with the desk, a full deposit may hold it if whoever makes it says so, and then
  the whole deposit is to be kept as what is sealed is, by these two custodians, neither alone:
    {custodians}
  bag-info.txt says so, too (Heritage-Sealed, Heritage-Custodian).""",
    False: "Nothing at the desk is sealed, so nothing sealed is in it.",
}
SITE = {
    True: "{s}/index.html   open it in a browser: every public page, without a server, with an index of names",
    False: "(The pages as HTML were left out of this deposit.)",
}


def readme(title, level, prefix, site, custodians, **more):
    """Return the README in bytes. ``prefix`` stands before file names; ``site`` is the folder of pages or empty.

    ``custodians``: the two who keep a bag with what is sealed, else none.
    """
    sealed = SEALED[bool(custodians)].format(custodians="\n    ".join(custodians))
    words = LEVELS[level].format(p=prefix, sealed=sealed)
    told = SITE[bool(site)].format(s=site)
    text = README.format(
        title=title,
        underline="=" * len(title),
        level=level,
        level_words=words,
        site_words=told,
        p=prefix,
        zeros="0" * 64,
        **more,
    )
    return text.encode()
