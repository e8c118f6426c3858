#!/usr/bin/python3
"""What python-dateutil 2.8.2 and icalendar 4.0.3 (Debian: python3-dateutil,
python3-icalendar) read from series.ics: the first ten appointments of each
series, by the zones' rules written in the file. Writes
series.occurrences.json. A time that clocks skip is read with the offset
before the change, as RFC 5545 says: dateutil's resolve_imaginary does so."""
import io, json, os
from datetime import timezone
from dateutil import rrule, tz
from icalendar import Calendar

here = os.path.dirname(os.path.abspath(__file__))
text = open(os.path.join(here, "series.ics"), newline="").read()
# dateutil reads the zones alone
zones, inside = [], False
for line in text.replace("\r\n ", "").split("\r\n"):
    if line == "BEGIN:VTIMEZONE":
        inside = True
    if inside and not line.startswith("X-LIC"):
        zones.append(line)
    if line == "END:VTIMEZONE":
        inside = False
known = tz.tzical(io.StringIO("\n".join(["BEGIN:VCALENDAR"] + zones + ["END:VCALENDAR", ""])))


def instant(naive, tzid):
    if tzid == "UTC":
        return naive.replace(tzinfo=timezone.utc)
    return tz.resolve_imaginary(naive.replace(tzinfo=known.get(tzid))).astimezone(timezone.utc)


def zone(prop):
    return prop.params.get("TZID", "UTC")


out, moved = {}, {}
events = [e for e in Calendar.from_ical(text).walk("VEVENT")]
for e in events:
    if "RECURRENCE-ID" in e:
        key = (str(e["UID"]), e["RECURRENCE-ID"].dt.replace(tzinfo=None))
        moved[key] = (e["DTSTART"], e["DTEND"])
for e in events:
    if "RECURRENCE-ID" in e:
        continue
    start, end, uid = e["DTSTART"], e["DTEND"], str(e["UID"])
    first = start.dt.replace(tzinfo=None)
    length = instant(end.dt.replace(tzinfo=None), zone(end)) - instant(first, zone(start))
    days = [first]
    if "RRULE" in e:
        text_rule = e["RRULE"].to_ical().decode()
        until = None
        if "UNTIL=" in text_rule:  # compared as an instant, below
            until = e["RRULE"]["UNTIL"][0]
            text_rule = ";".join(p for p in text_rule.split(";") if not p.startswith("UNTIL="))
        days = []
        for d in rrule.rrulestr(text_rule, dtstart=first):
            if until is not None and instant(d, zone(start)) > until or len(days) == 20:
                break
            days.append(d)
    except_ = set()
    if "EXDATE" in e:
        for x in e["EXDATE"] if isinstance(e["EXDATE"], list) else [e["EXDATE"]]:
            except_ |= {d.dt.replace(tzinfo=None) for d in x.dts}
    all_ = []
    for d in days:
        if d in except_:
            continue
        if (uid, d) in moved:
            s, t = moved[(uid, d)]
            a, b = instant(s.dt.replace(tzinfo=None), zone(s)), instant(t.dt.replace(tzinfo=None), zone(t))
        else:
            a = instant(d, zone(start))
            b = a + length
        all_.append((a, b))
    all_.sort()
    out[uid] = [a.strftime("%Y-%m-%dT%H:%M:%SZ/") + b.strftime("%H:%M") for a, b in all_[:10]]
json.dump(out, open(os.path.join(here, "series.occurrences.json"), "w"), indent=1, sort_keys=True)
