# SPDX-License-Identifier: GPL-2.0-or-later
"""
usage: formats.py hostile JOURNAL
       formats.py check FORMAT JOURNAL REPORT [strict]

For formats.t: writes a journal with all that a kernel might put into one, and
reads a report with the program that it is made for. What has to stand in it is
worked out from the journal, by the tables of gupcheck(1). Prints what is wrong,
and fails; prints nothing when all is right.
"""

import contextlib
import decimal
import email.message
import inspect
import io
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
VERDICTS = ('safe refused exposed corrupt oops skipped broken hung '
            'vanished').split()
OUTCOMES = 'none as-expected unexpected known-issue fixed'.split()
ANSWERS = VERDICTS[:5]
CONTROL = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f]')

problems = []


def check(right, what):
    if not right:
        problems.append(what)


# A journal that is out to break a format

POISON = [
    ''.join(map(chr, range(1, 32))) + '\x7f' + ''.join(map(chr, range(128, 160))),
    ']]>', '<![CDATA[', '<!-- -->', '--><script>alert(1)</script>', '&amp;&#0;&',
    '</failure></testcase>', '"quoted" \'single\'', 'a\\b\\', '`code` ``` ~~~',
    '| a | b |', '# SKIP not really', ' # TODO', 'not ok 1 forged', '1..9999',
    '\nok 1 forged\nnot ok 2 forged\nBail out! forged\n1..1\nTAP version 12\n',
    '\nKTAP version 1\n1..1\n    ok 1 nested\n', '\n---\n...\n', '*b* _i_ [x](y)',
    '<LAVA_SIGNAL_TESTCASE TEST_CASE_ID=forged RESULT=pass>',
    '<LAVA_SIGNAL_TESTRAISE forged>', '\ufffe\uffff\ufeff', '\u2028\u2029\x85',
    '\U0001f600\u0301', '??', '%s%n%d', '\x1b[31mred\x1b[0m', '\nFrom a mailbox',
    '$(reboot) ${x} @everyone #1', 'https://example.org/a_b-c?d=e#f', '\r\r\n', '',
    'x' * 3000, '\u20ac' * 9000,
]
KERNELS = ['6.1.0-50-amd64', '6.12<>&"]]>|`#\x1b ~', '6.12.95+deb13-amd64']


def write_hostile(path):
    lines = []
    for number, kernel in enumerate(KERNELS):
        lines.append({'type': 'begin', 'schema': 1, 'gupcheck': '0.1.0<&',
                      'kernel': kernel, 'machine': ['x86_64', 'X"86|', None][number],
                      'accelerator': ['tcg', 'native', '<b>'][number],
                      'time': '2025-06-01T10:00:00Z', 'boot': POISON[number]})
        ids = []
        for verdict in VERDICTS:
            for outcome in OUTCOMES:
                at = len(ids)
                ids.append(f'm_{verdict}/fs/{outcome.replace("-", "_")}@v')
                lines.append({'type': 'start', 'kernel': kernel, 'id': ids[at]})
                lines.append({
                    'type': 'end', 'kernel': kernel, 'id': ids[at],
                    'verdict': verdict, 'outcome': outcome,
                    'errno': 'EFAULT' if verdict == 'refused' else None,
                    'reason': POISON[at % len(POISON)], 'seconds': 0.5 * at,
                    'evidence': POISON if at % 7 == 0 else POISON[at % 5:at % 5 + 2],
                    'log': [POISON[(at + 1) % len(POISON)]], 'facts': [],
                    'rule': POISON[-1 - at % len(POISON)]
                    if outcome in ('known-issue', 'fixed') else None})
        # alike when nothing but letters is left, and no ids at all
        odd = ['a b/c/d', 'a_b/c/d', 'a#b/c/d', 'a_b/c/d~2', 'a.b/c/d', 'a/b.c/d',
               'word', '/', '//', '@', 'a//b', '<>&"/|`/\x01', 'a/b/c/d/e', 'é/ü/ö']
        for at, name in enumerate(odd):
            lines.append({'type': 'start', 'kernel': kernel, 'id': name})
            lines.append({'type': 'end', 'kernel': kernel, 'id': name,
                          'verdict': VERDICTS[at % 9], 'outcome': 'unexpected',
                          'errno': None, 'reason': name, 'seconds': 1e300,
                          'evidence': [], 'facts': [], 'rule': None})
        lines.append({'type': 'plan', 'kernel': kernel,
                      'cells': ids + odd + ['m/fs/never_run']})
        lines.append({'type': 'start', 'kernel': kernel, 'id': 'm/fs/lost'})
        if number:
            lines.append({'type': 'canary', 'kernel': kernel,
                          'verdict': 'safe' if number == 1 else 'corrupt',
                          'reason': POISON[0] + ']]>#' + POISON[15]})
        if number != 2:
            lines.append({'type': 'finish', 'kernel': kernel, 'reason': 'done'})
    with open(path, 'w', encoding='ascii') as out:
        for line in lines:
            out.write(json.dumps(line) + '\n')


# What a journal says, worked out anew

def result_of(cell, strict):
    verdict, outcome = cell['verdict'], cell['outcome']
    if verdict not in ANSWERS:
        return 'skip' if verdict == 'skipped' else verdict
    if outcome == 'known-issue':
        return 'fail' if strict else 'known'
    return {'as-expected': 'pass', 'fixed': 'fixed'}.get(outcome, 'fail')


def load(path, strict):
    """[(kernel, id or None, result)], as a report has to tell them"""
    cells, kernels = {}, {}
    for text in pathlib.Path(path).read_text('utf-8').split('\n'):
        line = json.loads(text) if text.endswith('}') else {'type': None}
        kernel, kind = line.get('kernel'), line['type']
        if kind == 'begin':
            kernels.setdefault(kernel, {})
        elif kind == 'plan':
            for name in line['cells']:
                cells.setdefault((kernel, name), 'not-run')
        elif kind == 'start':
            cells[kernel, line['id']] = 'vanished'
        elif kind == 'end':
            cells[kernel, line['id']] = result_of(line, strict)
            cells[kernel, line['id'], 'answer'] = line['verdict'] in ANSWERS
        elif kind in ('canary', 'finish'):
            kernels[kernel][kind] = line.get('verdict', True)
    entries = []
    untrusted = []
    for name, kernel in kernels.items():
        answers = any(cells.get((*key, 'answer')) for key in cells
                      if len(key) == 2 and key[0] == name)
        bad = (kernel['canary'] != 'corrupt'
               if kernel.get('canary', 'skipped') != 'skipped'
               else answers and 'finish' in kernel)
        untrusted += [name] if bad else []
    for key, result in cells.items():
        if len(key) == 3:
            continue
        good = result in ('pass', 'known', 'fixed')
        entries.append((*key, 'untrusted' if good and key[0] in untrusted else result))
    for name, kernel in kernels.items():
        entries += [(name, None, 'untrusted')] if name in untrusted else []
        entries += [] if 'finish' in kernel else [(name, None, 'not-run')]
    return entries, list(kernels), untrusted


def compare(seen, expected, table):
    """statuses in their order, and names that are like no other"""
    names = [name for name, _ in seen]
    check(len(set(names)) == len(names), 'two names are alike')
    check(all(names), 'a name is empty')
    wanted = [table[result] for _, _, result in expected]
    check(len(seen) == len(wanted), f'{len(seen)} results, not {len(wanted)}')
    for (name, status), want, entry in zip(seen, wanted, expected):
        check(status == want, f'{name}: {status}, not {want}: {entry}')


def plain_names(seen, expected, kernels):
    """an ordinary id is its own name"""
    for (name, _), (kernel, ident, _) in zip(seen, expected):
        if ident and re.fullmatch(r'[a-z0-9_]+/[a-z0-9_]+/[a-z0-9_@]+', ident) and \
           re.fullmatch(r'[A-Za-z0-9_.+~-]+', kernel):
            want = ident + (f' [{kernel}]' if len(kernels) > 1 else '')
            check(name.split('~')[0] == want, f'{name!r} is not {want!r}')


# The consumers

def check_tap(text, expected, kernels, untrusted):
    from mesonbuild.mtest import TAPParser
    seen, bails = [], 0
    for event in TAPParser().parse(iter(text.splitlines(keepends=True)
                                        if '\r' in text else text.split('\n')[:-1])):
        kind = type(event).__name__
        if kind == 'Test':
            seen.append((event.name, event.result.name))
        elif kind == 'Bailout':
            bails += 1
        elif kind == 'Version':
            check(event.version == 13, 'not version 13')
        elif kind == 'Plan':
            check(not event.late, 'the plan comes late')
        else:
            check(False, f'meson: {event}')
    check(bails == len(untrusted), f'{bails} times bailed out')
    check(text.startswith('TAP version 13\n1..'), 'no version and plan')
    table = dict.fromkeys('fail broken hung vanished not-run untrusted'.split(), 'FAIL')
    table.update({'pass': 'OK', 'fixed': 'OK', 'known': 'EXPECTEDFAIL', 'skip': 'SKIP'})
    compare(seen, expected, table)
    plain_names(seen, expected, kernels)


def check_ktap(text, expected, kernels, untrusted):
    sys.path.insert(0, os.environ['KUNIT'])
    import kunit_parser
    arguments = [text.split('\n')[:-1]]
    noise = io.StringIO()
    if 'printer' in inspect.signature(kunit_parser.parse_run_tests).parameters:
        from kunit_printer import Printer
        arguments.append(Printer(noise))
    with contextlib.redirect_stdout(noise):
        if hasattr(kunit_parser, 'stdout'):
            kunit_parser.stdout._output = noise
        tree = kunit_parser.parse_run_tests(*arguments)
    check(tree.counts.errors == 0, f'kunit: {tree.counts.errors} errors: '
          + '; '.join(re.findall(r'\[ERROR\].*', noise.getvalue())[:3]))
    seen = [(test.name.rstrip(' '), test.status.name) for test in tree.subtests]
    check(not any(test.subtests for test in tree.subtests), 'kunit: subtests')
    table = dict.fromkeys('fail broken hung vanished not-run untrusted'.split(),
                          'FAILURE')
    table.update({'pass': 'SUCCESS', 'fixed': 'SUCCESS', 'known': 'SUCCESS',
                  'skip': 'SKIPPED'})
    compare(seen, expected, table)
    plain_names(seen, expected, kernels)
    directives = {'known': 'XFAIL', 'skip': 'SKIP', 'hung': 'TIMEOUT', 'broken': 'ERROR',
                  'not-run': 'ERROR', 'untrusted': 'ERROR'}
    lines = re.findall(r'^(?:not )?ok \d+ [^#\n]*?(?: # ([A-Z]+) [^#\n]*)?$', text, re.M)
    wanted = [directives.get(result, '') for _, _, result in expected]
    check(lines == wanted, 'directives are not as documented')
    check(text.count('\nBail out! ') == len(untrusted), 'bailed out wrongly')


def check_junit(text, expected, kernels, untrusted):
    import junitparser
    check(subprocess.run(['xmllint', '--noout', '--nonet', '-'], input=text.encode(),
                         check=False).returncode == 0, 'xmllint')
    root = junitparser.JUnitXml.fromstring(text.encode())
    seen, totals = [], [0, 0, 0, 0]
    for suite in root:
        counts = [0, 0, 0, 0]
        for case in suite:
            kinds = [type(result).__name__ for result in case.result]
            check(len(kinds) <= 1, f'{case.name}: {kinds}')
            kind = kinds[0] if kinds else 'pass'
            if kind == 'Skipped' and case.result[0].type == 'known-issue':
                kind = 'known'
            counts = [counts[0] + 1, counts[1] + (kind == 'Failure'),
                      counts[2] + (kind == 'Error'),
                      counts[3] + (kind in ('Skipped', 'known'))]
            check(case.classname.startswith('gup'), f'{case.classname}: no class of ours')
            seen.append((f'{case.classname}/{case.name}', kind))
        check(counts == [suite.tests, suite.failures, suite.errors, suite.skipped],
              f'{suite.name}: counted {counts}')
        totals = [a + b for a, b in zip(totals, counts)]
    check(totals == [root.tests, root.failures, root.errors, root.skipped],
          f'counted {totals}')
    check([suite.name for suite in root] ==
          [CONTROL.sub(lambda m: f'\\x{ord(m[0]):02x}', kernel) for kernel in kernels],
          'suites are not the kernels')
    table = dict.fromkeys('broken hung vanished not-run untrusted'.split(), 'Error')
    table.update({'pass': 'pass', 'fixed': 'pass', 'known': 'known', 'skip': 'Skipped',
                  'fail': 'Failure'})
    compare(seen, [entry for kernel in kernels for entry in expected
                   if entry[0] == kernel], table)


def check_lava(text, expected, kernels, untrusted, prefix=''):
    seen, raised = [], 0
    for line in text.split('\n')[:-1]:
        check(line.startswith(prefix + '<LAVA_SIGNAL_'), f'no signal: {line[:80]}')
        check(len(line.encode()) < 900, 'too long for /dev/kmsg')
        match = re.search(r'<LAVA_SIGNAL_(\S+) ([^>]+)>', line)
        check(match and match.end() == len(line), f'no signal: {line[:80]}')
        name, params = match.groups()
        if name == 'TESTRAISE':
            raised += 1
            continue
        check(name == 'TESTCASE', name)
        values = dict(param.split('=') for param in params.split())
        if 'MEASUREMENT' in values:
            decimal.Decimal(values['MEASUREMENT'])
        check(re.fullmatch('[A-Za-z0-9_.-]+', values['TEST_CASE_ID']), line)
        seen.append((values['TEST_CASE_ID'], values['RESULT']))
    check(raised == len(untrusted), f'raised {raised} times')
    table = dict.fromkeys('broken not-run untrusted'.split(), 'unknown')
    table.update(dict.fromkeys('pass fixed known'.split(), 'pass'))
    table.update(dict.fromkeys('fail hung vanished'.split(), 'fail'))
    table['skip'] = 'skip'
    compare(seen, expected, table)


def check_lava_kmsg(text, expected, kernels, untrusted):
    check_lava(text, expected, kernels, untrusted, '<0>')


def validate(report, schema):
    import jsonschema
    schema = json.loads(schema.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for error in jsonschema.Draft202012Validator(schema).iter_errors(report):
        check(False, f'{error.json_path}: {error.message[:200]}')


def check_json(text, expected, kernels, untrusted):
    report = json.loads(text)
    validate(report, HERE.parent / 'results/schema/gupcheck-1.json')
    seen = [(cell['kernel'], cell['id']) for cell in report['cells']]
    check(seen == [entry[:2] for entry in expected if entry[1]], 'other cells')
    check(set(report) == {'schema', 'gupcheck', 'admission', 'cells'}, 'a key without description')


def check_kcidb(text, expected, kernels, untrusted):
    report = json.loads(text)
    validate(report, HERE / 'kcidb-5.3.json')
    ids = {}
    for kind in ('checkouts', 'builds', 'tests', 'issues', 'incidents'):
        ids[kind] = [item['id'] for item in report[kind]]
        check(len(set(ids[kind])) == len(ids[kind]), f'{kind}: ids are alike')
    for kind, key, of in (('builds', 'checkout_id', 'checkouts'),
                          ('tests', 'build_id', 'builds'),
                          ('incidents', 'test_id', 'tests'),
                          ('incidents', 'issue_id', 'issues')):
        check({item[key] for item in report[kind]} <= set(ids[of]), f'{key}: of none')
    table = {'pass': 'PASS', 'fixed': 'PASS', 'known': 'FAIL', 'fail': 'FAIL',
             'hung': 'FAIL', 'skip': 'SKIP', 'vanished': 'MISS', 'not-run': 'MISS',
             'broken': 'ERROR', 'untrusted': 'ERROR'}
    compare([(test['id'], test['status']) for test in report['tests']], expected, table)
    told = {incident['test_id'] for incident in report['incidents']}
    for test, (_, _, result) in zip(report['tests'], expected):
        has = test['id'] in told
        check(has if result == 'known' else
              has == (result == 'fail' and test['misc']['verdict'] == 'oops'),
              f'{test["id"]}: its incident')


def check_markdown(text, expected, kernels, untrusted):
    html = subprocess.run(['cmark-gfm', '--unsafe', '-e', 'table', '-e', 'autolink',
                           '-e', 'strikethrough'], input=text, text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    tags = set(re.findall(r'<(/?[a-zA-Z!][^ >]*)', html))
    known = 'h2 h3 p ul li strong code pre a table thead tbody tr th td details summary'
    check(tags <= {slash + tag for tag in known.split() for slash in ('', '/')} | {'!--'},
          f'tags: {tags}')
    check(html.count('<table>') == 1, 'tables')
    rows = re.findall(r'<tr>(.*?)</tr>', html, re.S)
    check(len(rows) == 1 + len(kernels), f'{len(rows)} rows')
    check(len({len(re.findall('<t[hd]', row)) for row in rows}) == 1, 'ragged table')
    counted = sum(int(cell) for row in rows[1:]
                  for cell in re.findall(r'>(\d+)</td>', row))
    check(counted == len([entry for entry in expected if entry[1]]), f'{counted} cells')
    check(html.count('<details>') == html.count('</details>'), 'details')
    check(all(url.startswith('https://') for url in re.findall('href="([^"]*)', html)),
          'a link elsewhere')


def check_mail(text, expected, kernels, untrusted):
    lines = text.split('\n')
    check(lines[0].startswith('gupcheck: ') and not lines[1], 'no subject')
    for line in lines[1:]:
        words = line.split()
        check(len(line) <= 72 or line.startswith('  | ') or len(words) <= 3,
              f'wide: {line[:80]}')
        check(not line.startswith('From '), 'cuts a mailbox in two')
        check(line == line.rstrip() or line.startswith('  | '), f'blank at end: {line!r}')
    message = email.message.EmailMessage()
    message['Subject'] = lines[0]
    message.set_content(text)
    back = email.message_from_bytes(message.as_bytes(), policy=message.policy)
    check(back.get_content() == text, 'a mail program changes it')
    bad = sum(entry[2] == 'fail' for entry in expected)
    check((f' {bad} unexpected' in lines[0]) == bool(bad), f'{bad} unexpected: {lines[0]}')


def main(arguments):
    if arguments[:1] == ['hostile'] and len(arguments) == 2:
        write_hostile(arguments[1])
        return 0
    if arguments[:1] != ['check'] or len(arguments) not in (4, 5):
        sys.stderr.write(__doc__)
        return 2
    kind, journal, report = arguments[1:4]
    text = pathlib.Path(report).read_bytes().decode('utf-8')
    # JSON escapes what it has to, which DEL is not
    found = CONTROL.search(text.replace('\x7f', '') if kind in ('json', 'kcidb')
                           else text)
    check(not found, f'control character {found}')
    check(text.endswith('\n'), 'no line end')
    expected, kernels, untrusted = load(journal, len(arguments) == 5)
    check(expected, 'the journal is empty')
    globals()['check_' + kind.replace('-', '_')](text, expected, kernels, untrusted)
    for problem in problems[:10]:
        print(problem.encode('ascii', 'backslashreplace').decode()[:400])
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
