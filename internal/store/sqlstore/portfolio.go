package sqlstore

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/civil"
	"tandem/internal/plan"
)

// What has no day, no time or no word stands behind everything that has one.
const (
	noDay  = int64(1) << 30
	noTime = int64(1) << 62
	noWord = "\U0010ffff"
)

// portfolioColumns are stored and read in this order; active comes last,
// because the store counts it.
var portfolioColumns = []string{"plan", "workspace", "home", "phase", "phase_rank", "paused", "has_left", "title", "title_key", "buyer", "seller", "words",
	"decide", "ready", "dated", "next_item", "next_title", "next_party", "next_name", "next_due",
	"done_buyer", "done_seller", "total_buyer", "total_seller", "joint", "progress", "last_buyer", "quiet",
	"blocks", "block_since", "block_waits", "asks_buyer", "asks_seller", "asked_buyer", "asked_seller", "asked",
	"slips", "moved", "overdue", "overdue_since", "missed",
	"deal", "account", "stage", "stage_key", "segment", "currency", "amount", "close_date", "owner", "owner_name", "owner_key",
	"shared", "agreed", "need", "as_of", "updated", "seq", "active"}

var (
	savePortfolio   = portfolioUpsert()
	portfolioSelect = `SELECT p.` + strings.Join(portfolioColumns, ", p.") + ` FROM portfolio p `
	onePortfolio    = portfolioSelect + `WHERE p.plan = $1`
)

const (
	saveActive = `INSERT INTO buyer_active (plan, person) VALUES ($1, $2) ON CONFLICT (plan, person) DO NOTHING`
	// recountActive learns who was active before anybody counted.
	recountActive = `INSERT INTO buyer_active (plan, person)
SELECT DISTINCT CAST($1 AS TEXT), actor FROM event WHERE stream = $2 AND side = 'buyer' AND actor <> ''
ON CONFLICT (plan, person) DO NOTHING`

	stalePortfolio = `SELECT plan FROM portfolio WHERE workspace = $1 AND as_of < $2 ORDER BY as_of, plan LIMIT $3`

	// portfolioSegments jumps from one to the next, however many plans have each.
	portfolioSegments = `WITH RECURSIVE s (v) AS (
	SELECT (SELECT segment FROM portfolio WHERE workspace = $1 AND segment > '' ORDER BY segment LIMIT 1)
	UNION ALL
	SELECT (SELECT segment FROM portfolio WHERE workspace = $1 AND segment > s.v ORDER BY segment LIMIT 1) FROM s WHERE s.v IS NOT NULL
) SELECT v FROM s WHERE v IS NOT NULL LIMIT 100`

	countPilot = `SELECT count(*),
	COALESCE(sum(CASE WHEN (agreed > 0 AND agreed - shared <= $4) OR shared < $5 THEN 1 ELSE 0 END), 0),
	COALESCE(sum(CASE WHEN agreed > 0 AND agreed - shared <= $4 THEN 1 ELSE 0 END), 0),
	COALESCE(sum(total_buyer + total_seller - joint), 0), COALESCE(sum(total_buyer), 0),
	COALESCE(sum(CASE WHEN active >= 2 THEN 1 ELSE 0 END), 0),
	COALESCE(sum(CASE WHEN decide < 1073741824 AND has_left = 0 AND phase IN ('shared', 'agreed') THEN 1 ELSE 0 END), 0),
	COALESCE(sum(CASE WHEN decide < 1073741824 AND has_left = 0 AND phase IN ('shared', 'agreed') AND dated = 0 THEN 1 ELSE 0 END), 0)
FROM portfolio WHERE workspace = $1 AND shared >= $2 AND shared <= $3`
)

var pilotPlans = portfolioSelect + `WHERE p.workspace = $1 AND p.shared >= $2 AND p.shared <= $3 ORDER BY p.shared DESC, p.plan DESC LIMIT $4`

func portfolioUpsert() string {
	n := len(portfolioColumns) - 1
	var marks, sets []string
	for i, c := range portfolioColumns[:n] {
		marks = append(marks, "$"+strconv.Itoa(i+1))
		if c != "plan" {
			sets = append(sets, c+" = excluded."+c)
		}
	}
	marks = append(marks, "(SELECT count(*) FROM buyer_active WHERE plan = $1)")
	sets = append(sets, "active = excluded.active")
	return "INSERT INTO portfolio (" + strings.Join(portfolioColumns, ", ") + ") VALUES (" + strings.Join(marks, ", ") +
		") ON CONFLICT (plan) DO UPDATE SET " + strings.Join(sets, ", ") + " WHERE portfolio.seq <= excluded.seq"
}

// portfolioIndexed are the columns with an index that few changes touch.
var portfolioIndexed = []string{"workspace", "phase_rank", "title_key", "decide", "ready", "next_due", "progress", "block_since", "asked", "slips", "missed",
	"stage_key", "segment", "amount", "close_date", "owner_key", "shared"}

// lightPortfolio writes everything but those, from the arguments of
// savePortfolio at lightArgs: SQLite puts every index of a column it is told to
// write in order again, also where nothing changes.
var lightPortfolio, lightArgs = portfolioLight()

func portfolioLight() (string, []int) {
	var sets []string
	args := []int{slices.Index(portfolioColumns, "plan"), slices.Index(portfolioColumns, "seq")}
	for i, c := range portfolioColumns[:len(portfolioColumns)-1] {
		if c != "plan" && !slices.Contains(portfolioIndexed, c) {
			args = append(args, i)
			sets = append(sets, c+" = $"+strconv.Itoa(len(args)))
		}
	}
	return "UPDATE portfolio SET " + strings.Join(sets, ", ") + ", active = (SELECT count(*) FROM buyer_active WHERE plan = $1) WHERE plan = $1 AND seq <= $2", args
}

// portfolioChange is the statement for a row that was another before; nil if
// nobody knows.
func portfolioChange(r app.PortfolioRow, before *app.PortfolioRow) Statement {
	whole := portfolioStatement(r)
	if before == nil {
		return whole
	}
	was := portfolioStatement(*before)
	for _, c := range portfolioIndexed {
		if i := slices.Index(portfolioColumns, c); whole.Args[i] != was.Args[i] {
			return whole
		}
	}
	light := Statement{SQL: lightPortfolio}
	for _, i := range lightArgs {
		light.Args = append(light.Args, whole.Args[i])
	}
	return light
}

func portfolioStatement(r app.PortfolioRow) Statement {
	first := noTime
	for _, at := range []time.Time{r.Asked.Buyer, r.Asked.Seller} {
		if !at.IsZero() {
			first = min(first, at.UnixMilli())
		}
	}
	amount := r.Deal.Amount
	if r.Deal.Currency == "" {
		amount = -1
	}
	return Statement{SQL: savePortfolio, Args: []any{string(r.Plan), string(r.Workspace), string(r.Home), string(r.Phase), phaseRank(r), flag(r.Paused), flag(r.Left),
		r.Title, folded(otherOf(r) + " " + r.Title), r.Buyer, r.Seller, searched(r),
		dayOr(r.Decide), dayOr(r.Ready), flag(r.Dated), string(r.Next.Item), r.Next.Title, string(r.Next.Party), r.Next.Name, dayOr(r.Next.Due),
		r.Done.Buyer, r.Done.Seller, r.Total.Buyer, r.Total.Seller, r.Joint, permille(r), millis(r.LastBuyer), r.Quiet,
		r.Blocks.N, dayOr(r.Blocks.Since), string(r.Blocks.Waits), r.Asks.Buyer, r.Asks.Seller, millis(r.Asked.Buyer), millis(r.Asked.Seller), first,
		r.Slips, r.Moved, r.Overdue, dayOr(r.Since), r.Missed,
		string(r.Deal.ID), r.Deal.Account, r.Deal.Stage, folded(r.Deal.Stage), r.Deal.Segment, r.Deal.Currency, amount, dayOr(r.Deal.Close),
		string(r.Deal.Owner), r.Deal.OwnerName, folded(r.Deal.OwnerName),
		millis(r.Shared), millis(r.Agreed), r.Need, int64(r.AsOf), millis(r.Updated), r.Seq}}
}

func scanPortfolio(from row) (app.PortfolioRow, error) {
	var r app.PortfolioRow
	var paused, left, decide, ready, dated, due, lastBuyer, since, askedBuyer, askedSeller, overdueSince, closes, shared, agreed, asOf, updated, ignored int64
	var word string
	err := from.Scan(&r.Plan, &r.Workspace, &r.Home, &r.Phase, &ignored, &paused, &left, &r.Title, &word, &r.Buyer, &r.Seller, &word,
		&decide, &ready, &dated, &r.Next.Item, &r.Next.Title, &r.Next.Party, &r.Next.Name, &due,
		&r.Done.Buyer, &r.Done.Seller, &r.Total.Buyer, &r.Total.Seller, &r.Joint, &ignored, &lastBuyer, &r.Quiet,
		&r.Blocks.N, &since, &r.Blocks.Waits, &r.Asks.Buyer, &r.Asks.Seller, &askedBuyer, &askedSeller, &ignored,
		&r.Slips, &r.Moved, &r.Overdue, &overdueSince, &r.Missed,
		&r.Deal.ID, &r.Deal.Account, &r.Deal.Stage, &word, &r.Deal.Segment, &r.Deal.Currency, &r.Deal.Amount, &closes,
		&r.Deal.Owner, &r.Deal.OwnerName, &word, &shared, &agreed, &r.Need, &asOf, &updated, &r.Seq, &r.Active)
	r.Paused, r.Left, r.Dated = paused != 0, left != 0, dated != 0
	r.Decide, r.Ready, r.Next.Due, r.Blocks.Since, r.Since, r.Deal.Close = dayOf(decide), dayOf(ready), dayOf(due), dayOf(since), dayOf(overdueSince), dayOf(closes)
	r.LastBuyer, r.Asked.Buyer, r.Asked.Seller = moment(lastBuyer), moment(askedBuyer), moment(askedSeller)
	r.Shared, r.Agreed, r.Updated, r.AsOf = moment(shared), moment(agreed), moment(updated), civil.Day(asOf)
	if r.Deal.Currency == "" {
		r.Deal.Amount = 0
	}
	return r, err
}

func dayOr(d civil.Day) int64 {
	if d.IsZero() {
		return noDay
	}
	return int64(d)
}

func dayOf(n int64) civil.Day {
	if n == noDay {
		return 0
	}
	return civil.Day(n)
}

// folded is what a word is sorted by in both databases alike: no case, no
// umlauts, and last if there is none.
func folded(word string) string {
	return cmp.Or(folding.Replace(strings.ToLower(strings.TrimSpace(word))), noWord)
}

var folding = strings.NewReplacer("ä", "a", "ö", "o", "ü", "u", "ß", "ss", "é", "e", "è", "e", "á", "a", "à", "a", "ç", "c", "ø", "o", "å", "a")

// otherOf is the organisation the workspace makes the plan with: a plan is
// known by it.
func otherOf(r app.PortfolioRow) string {
	if r.Home == plan.Buyer {
		return r.Seller
	}
	return r.Buyer
}

func searched(r app.PortfolioRow) string {
	return strings.ToLower(strings.Join([]string{r.Title, r.Buyer, r.Seller, r.Deal.Account, r.Deal.OwnerName}, "\n"))
}

func permille(r app.PortfolioRow) int {
	total := r.Total.Buyer + r.Total.Seller
	if total == 0 {
		return -1
	}
	return 1000 * (r.Done.Buyer + r.Done.Seller) / total
}

func phaseRank(r app.PortfolioRow) int {
	if r.Left {
		return 10
	}
	n := 2 * slices.Index([]plan.Phase{plan.Draft, plan.Shared, plan.Agreed, plan.Decided, plan.Archived}, r.Phase)
	if r.Paused {
		n++
	}
	return n
}

// portfolioOrder is a sort: the column, which the index of the same name
// begins with after the workspace, whether it holds words, and whether the
// largest comes first.
type portfolioOrder struct {
	column string
	words  bool
	down   bool
}

var portfolioOrders = map[string]portfolioOrder{
	"need": {"need", false, true}, "title": {"title_key", true, false}, "next": {"next_due", false, false}, "decide": {"decide", false, false},
	"ready": {"ready", false, false}, "close": {"close_date", false, false}, "amount": {"amount", false, true}, "stage": {"stage_key", true, false},
	"owner": {"owner_key", true, false}, "progress": {"progress", false, true}, "buyer": {"last_buyer", false, true},
	"obstacle": {"block_since", false, false}, "proposal": {"asked", false, false}, "slips": {"slips", false, true},
	"missed": {"missed", false, true}, "phase": {"phase_rank", false, false},
}

// portfolioWhere are the conditions of a filter. Columns that an order has an
// index on are wrapped, so that no database takes that index for the filter
// and sorts all it found.
func portfolioWhere(f app.PortfolioFilter, arg func(any) string) string {
	where := "p.workspace = " + arg(string(f.Workspace))
	and := func(condition string) { where += " AND " + condition }
	if f.Mine != "" {
		me := arg(string(f.Mine))
		and("(p.owner = " + me + " OR EXISTS (SELECT 1 FROM person_row q WHERE q.plan = p.plan AND q.person = " + me + "))")
	}
	if f.Needs {
		and("p.need + 0 >= " + strconv.Itoa(app.NeedsFrom))
	}
	if f.Obstacles {
		and("p.blocks > 0")
	}
	if f.Slipped {
		and("p.slips + 0 > 0")
	}
	if f.Quiet {
		and("p.quiet >= " + strconv.Itoa(app.QuietDays))
	}
	if f.Differs {
		and(fmt.Sprintf("p.close_date + 0 < %d AND p.decide + 0 < %d AND p.close_date + 0 <> p.decide", noDay, noDay))
	}
	switch f.Phase {
	case "":
	case "paused":
		and("p.paused = 1")
	case "left":
		and("p.has_left = 1")
	default:
		and("p.phase = " + arg(f.Phase) + " AND p.paused = 0 AND p.has_left = 0")
	}
	if f.Segment != "" {
		and("p.segment || '' = " + arg(f.Segment))
	}
	if f.Owner != "" {
		and("p.owner = " + arg(string(f.Owner)))
	}
	for _, w := range f.Words {
		and("p.words LIKE " + arg("%"+likeText(strings.ToLower(w))+"%") + ` ESCAPE '\'`)
	}
	return where
}

// portfolioPage makes the query of a page and its arguments.
func portfolioPage(q app.PortfolioQuery) (string, []any) {
	o, known := portfolioOrders[q.Sort]
	if !known {
		o = portfolioOrders["need"]
	}
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	text := portfolioSelect + "WHERE " + portfolioWhere(q.PortfolioFilter, arg)
	down := o.down != q.Desc
	way, than := "", ">"
	if down {
		way, than = " DESC", "<"
	}
	if key, id, ok := readCursor(q.After, o.words); ok {
		text += fmt.Sprintf(" AND (p.%s, p.plan) %s (%s, %s)", o.column, than, arg(key), arg(id))
	}
	return text + fmt.Sprintf(" ORDER BY p.%s%s, p.plan%s LIMIT %s", o.column, way, way, arg(min(max(q.Limit, 1), 500)+1)), args
}

// cursorOf names a row's place in an order.
func cursorOf(r app.PortfolioRow, sort string) string {
	o, known := portfolioOrders[sort]
	if !known {
		o = portfolioOrders["need"]
	}
	key := portfolioStatement(r).Args[slices.Index(portfolioColumns, o.column)]
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%v\x00%s", key, r.Plan))
}

func readCursor(text string, words bool) (key any, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) > 2_000 {
		return nil, "", false
	}
	first, id, ok := strings.Cut(string(raw), "\x00")
	if !ok || strings.Contains(id, "\x00") || !validText(string(raw)) {
		return nil, "", false
	}
	if words {
		return first, id, true
	}
	n, err := strconv.ParseInt(first, 10, 64)
	return n, id, err == nil && n > math.MinInt64
}

// validText reports that both databases take a text.
func validText(s string) bool { return strings.ToValidUTF8(s, "") == s }

// Portfolio implements app.PortfolioStore.
func (s *Store) Portfolio(ctx context.Context, q app.PortfolioQuery) (app.PortfolioPage, error) {
	text, args := portfolioPage(q)
	rows, err := collect(ctx, s.read, scanPortfolio, text, args...)
	if err != nil {
		return app.PortfolioPage{}, err
	}
	out := app.PortfolioPage{Rows: rows}
	if limit := min(max(q.Limit, 1), 500); len(rows) > limit {
		out.Rows = rows[:limit]
		out.Cursor = cursorOf(rows[limit-1], q.Sort)
	}
	return out, s.remarked(ctx, out.Rows)
}

// CountPortfolio implements app.PortfolioStore.
func (s *Store) CountPortfolio(ctx context.Context, f app.PortfolioFilter, most int) (int, error) {
	text, args := portfolioCount(f, most)
	n, err := one(ctx, s.read, number, text, args...)
	return int(n), err
}

func portfolioCount(f app.PortfolioFilter, most int) (string, []any) {
	var args []any
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := portfolioWhere(f, arg)
	if f.Needs { // those that need nobody are not looked at
		where += " AND p.need >= " + strconv.Itoa(app.NeedsFrom)
	}
	return "SELECT count(*) FROM (SELECT 1 FROM portfolio p WHERE " + where + " LIMIT " + arg(most) + ") found", args
}

// PortfolioOf implements app.PortfolioStore.
func (s *Store) PortfolioOf(ctx context.Context, planID plan.ID) (app.PortfolioRow, error) {
	return one(ctx, s.read, scanPortfolio, onePortfolio, string(planID))
}

// SavePortfolio implements app.PortfolioStore.
func (s *Store) SavePortfolio(ctx context.Context, r app.PortfolioRow, recount bool) error {
	return s.write(ctx, func(ctx context.Context, q Querier) error {
		if recount {
			if _, err := q.ExecContext(ctx, recountActive, string(r.Plan), plan.SharedStream(r.Plan)); err != nil {
				return err
			}
		}
		st := portfolioStatement(r)
		_, err := q.ExecContext(ctx, st.SQL, st.Args...)
		return err
	})
}

// StalePortfolio implements app.PortfolioStore.
func (s *Store) StalePortfolio(ctx context.Context, workspace plan.ID, today civil.Day, limit int) ([]plan.ID, error) {
	return collect(ctx, s.read, func(from row) (id plan.ID, err error) {
		err = from.Scan(&id)
		return id, err
	}, stalePortfolio, string(workspace), int64(today), limit)
}

// Segments implements app.PortfolioStore.
func (s *Store) Segments(ctx context.Context, workspace plan.ID) ([]string, error) {
	return collect(ctx, s.read, func(from row) (word string, err error) {
		err = from.Scan(&word)
		return word, err
	}, portfolioSegments, string(workspace))
}

// Pilot implements app.PortfolioStore.
func (s *Store) Pilot(ctx context.Context, workspace plan.ID, from, to time.Time, within time.Duration) (app.PilotCount, error) {
	return one(ctx, s.read, func(from row) (c app.PilotCount, err error) {
		err = from.Scan(&c.Plans, &c.Due, &c.InTime, &c.Steps, &c.Buyers, &c.Active, &c.Running, &c.Undated)
		return c, err
	}, countPilot, string(workspace), from.UnixMilli(), to.UnixMilli(), within.Milliseconds(), to.Add(-within).UnixMilli())
}

// PilotPlans implements app.PortfolioStore.
func (s *Store) PilotPlans(ctx context.Context, workspace plan.ID, from, to time.Time, limit int) ([]app.PortfolioRow, error) {
	return collect(ctx, s.read, scanPortfolio, pilotPlans, string(workspace), from.UnixMilli(), to.UnixMilli(), limit)
}
