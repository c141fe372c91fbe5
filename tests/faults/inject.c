/* inject.c - runs a command and makes exactly one of its system calls fail
 *
 *   inject [-l] [-u USER] [-m MARK] [-t SECONDS] [-o REPORT] [-f FAULT]
 *          CMD [ARG…]
 *
 * FAULT is PROC:SYSCALL:N:WHAT. PROC names a process by the order of its birth
 * ("0" is CMD, "0.2" its second child; "*" any), N counts the calls of that
 * number in that process from 1. WHAT is
 *   error=ERRNO    the call is not made and fails (close is made, then fails;
 *                  brk tells of its failure by an unchanged break)
 *   persist=ERRNO  so does every later call of that number in that process
 *   lie            the call is not made and returns 0
 *   kill           CMD gets SIGKILL; nobody goes on before it is dead. A
 *                  payload that nevertheless starts is reported as "begun"
 *                  when its exec had been entered before, and was in the
 *                  kernel's hands
 * Without -f nothing is touched and the report lists the sites.
 * The payload is whoever executes a program called MARK: there its confinement
 * is written down from outside and it is let go, never faulted. The report is
 * lines of "key value". With -l all that is there when CMD has ended is let go,
 * untraced; else it is ended. Numbers are those of this architecture's table.
 *
 * It must run as root for -u, and for helpers that gain privilege at exec to
 * keep it. It does not judge anything: run does.
 */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "fault.h"
#include "outside.h"

#define PROC_MAX   512
#define TRACEE_MAX 2048
#define SKIPPED	   SYS_getpid /* runs instead: every filter allows it */

struct proc {
	char name[96];
	char comm[32];
	int children;
	bool payload;
	unsigned short before[NR_MAX]; /* calls until the payload's exec */
	unsigned short calls[NR_MAX];
};
struct tracee {
	pid_t tid;
	struct proc *proc; /* NULL: its parent has not told of it yet */
	int nr;		   /* the call it is in */
	int faulted;	   /* enum what to finish at the call's end */
	bool held;
	bool stopped;
	bool in_exec; /* when the first was killed */
};
static struct {
	struct proc procs[PROC_MAX];
	struct tracee tracees[TRACEE_MAX];
	int nproc, ntracee;
	struct fault fault;
	FILE *out;
	const char *mark, *user;
	int seconds;
	pid_t first, payload;
	int first_status;
	bool started, first_dead, done, killing, executed, lets_go;
} t;

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static const char *nr_name(int nr)
{
	static char buf[40];
	char *s = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);

	snprintf(buf, sizeof(buf), "%s", s ? s : "");
	if (!s)
		snprintf(buf, sizeof(buf), "nr%d", nr);
	free(s);
	return buf;
}

/* ---- the tree ---- */

static struct tracee *find(pid_t tid)
{
	for (int i = t.ntracee; i-- > 0;)
		if (t.tracees[i].tid == tid)
			return &t.tracees[i];
	return NULL;
}

static struct tracee *add(pid_t tid)
{
	if (t.ntracee == TRACEE_MAX)
		die("more than %d threads", TRACEE_MAX);
	t.tracees[t.ntracee] = (struct tracee){ .tid = tid, .nr = -1 };
	return &t.tracees[t.ntracee++];
}

static void drop(pid_t tid)
{
	struct tracee *c = find(tid);

	if (c)
		*c = t.tracees[--t.ntracee];
}

/* Can the fault still come here? */
static bool is_meant(const struct tracee *c)
{
	const struct fault *f = &t.fault;

	if (t.done && f->what != PERSIST)
		return false;
	return *f->proc == '*' || !strcmp(f->proc, c->proc->name);
}

/* Calls are watched only where the fault still can come; before a kill all,
 * to know who is in an exec. */
static bool watched(const struct tracee *c)
{
	const struct fault *f = &t.fault;

	if (c->faulted || f->what == NOTHING || !t.started)
		return true;
	return is_meant(c) || (f->what == KILL && !t.done);
}

static void go_on(struct tracee *c, int sig)
{
	if (t.killing) {
		c->held = true;
		return;
	}
	c->stopped = false;
	if (t.lets_go && t.first_dead) {
		ptrace(PTRACE_DETACH, c->tid, 0, sig);
		drop(c->tid);
		return;
	}
	/* ESRCH: it was killed meanwhile; its end is reported by wait. */
	ptrace(watched(c) ? PTRACE_SYSCALL : PTRACE_CONT, c->tid, 0, sig);
}

static struct proc *proc_new(struct proc *parent)
{
	struct proc *p;

	if (t.nproc == PROC_MAX)
		die("more than %d processes", PROC_MAX);
	p = &t.procs[t.nproc++];
	if (parent)
		snprintf(p->name, sizeof(p->name), "%.80s.%d", parent->name,
			 ++parent->children);
	else
		strcpy(p->name, "0");
	return p;
}

static void born(struct tracee *parent, pid_t tid)
{
	struct proc *p = parent->proc;
	struct tracee *c = find(tid);

	if (!c)
		c = add(tid); /* may not move parent: the table is fixed */
	c->proc = is_thread(tid) ? p : proc_new(p);
	snprintf(c->proc->comm, sizeof(c->proc->comm), "%s", p->comm);
	if (c->stopped)
		go_on(c, 0);
}

/* The payload begins: look at it, then leave it alone. */
static void payload(struct tracee *c)
{
	c->proc->payload = t.executed = true;
	t.payload = c->tid;
	fprintf(t.out, "payload %s\n", c->proc->name);
	if (c->in_exec)
		fprintf(t.out, "begun 1\n");
	outside_report(t.out, c->tid);
	for (int i = 0; i < t.nproc; i++)
		memcpy(t.procs[i].before, t.procs[i].calls,
		       sizeof(t.procs[i].calls));
	ptrace(PTRACE_DETACH, c->tid, 0, 0);
	drop(c->tid);
}

static void on_exec(struct tracee *c)
{
	unsigned long former = 0;

	ptrace(PTRACE_GETEVENTMSG, c->tid, 0, &former);
	if (former && (pid_t)former != c->tid)
		drop((pid_t)former);
	c = find(c->tid);
	comm_get(c->tid, c->proc->comm);
	if (t.started && !t.executed && t.mark &&
	    !strcmp(c->proc->comm, t.mark)) {
		payload(c);
		return;
	}
	t.started = true;
	go_on(c, 0);
}

/* ---- the fault ---- */

static bool is_site(const struct tracee *c, int n)
{
	const struct fault *f = &t.fault;

	if (c->nr != f->nr || f->what == NOTHING)
		return false;
	if (!is_meant(c))
		return false;
	return f->what == PERSIST ? n >= f->n : n == f->n;
}

static void skip_call(pid_t tid)
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, tid, 0, &regs))
		return;
	if (regs.orig_rax == SYS_brk)
		regs.rdi = 0;
	else
		regs.orig_rax = SKIPPED;
	ptrace(PTRACE_SETREGS, tid, 0, &regs);
}

static void finish_call(struct tracee *c)
{
	struct user_regs_struct regs;
	long value = c->faulted == LIE ? 0 : -t.fault.errnum;

	c->faulted = NOTHING;
	if (c->nr == SYS_brk || ptrace(PTRACE_GETREGS, c->tid, 0, &regs))
		return;
	regs.rax = (unsigned long)value;
	ptrace(PTRACE_SETREGS, c->tid, 0, &regs);
}

static void kill_first(void)
{
	for (int i = 0; i < t.ntracee; i++) {
		struct tracee *c = &t.tracees[i];

		c->in_exec = !c->stopped &&
			     (c->nr == SYS_execve || c->nr == SYS_execveat);
	}
	t.killing = true;
	kill(t.first, SIGKILL);
}

static void make_fault(struct tracee *c)
{
	if (!t.done) {
		comm_get(c->tid, c->proc->comm);
		fprintf(t.out, "fault %s %s %d %s\n", c->proc->name,
			nr_name(c->nr), c->proc->calls[c->nr], c->proc->comm);
		fprintf(t.out, "fault-when %s\n",
			t.executed ? "after" : "before");
	}
	t.done = true;
	if (t.fault.what == KILL) {
		kill_first();
		return;
	}
	c->faulted = t.fault.what;
	if (c->nr != SYS_close || t.fault.what == LIE)
		skip_call(c->tid);
}

static void on_syscall(struct tracee *c)
{
	struct __ptrace_syscall_info si;
	int n;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, c->tid, sizeof(si), &si) <= 0)
		si.op = PTRACE_SYSCALL_INFO_NONE;
	if (si.op == PTRACE_SYSCALL_INFO_EXIT && c->faulted)
		finish_call(c);
	if (si.op == PTRACE_SYSCALL_INFO_EXIT)
		c->nr = -1;
	if (si.op == PTRACE_SYSCALL_INFO_ENTRY && t.started &&
	    si.entry.nr < NR_MAX) {
		c->nr = (int)si.entry.nr;
		n = ++c->proc->calls[c->nr];
		if (is_site(c, n))
			make_fault(c);
	}
	go_on(c, 0);
}

/* ---- events ---- */

static void on_first_end(int status)
{
	t.first_dead = true;
	t.first_status = status;
	t.killing = false;
	/* from the end: who is let go leaves the table */
	for (int i = t.ntracee; i-- > 0;)
		if (t.tracees[i].held) {
			t.tracees[i].held = false;
			go_on(&t.tracees[i], 0);
		} else if (t.lets_go) {
			ptrace(PTRACE_INTERRUPT, t.tracees[i].tid, 0, 0);
		}
}

static void on_event(struct tracee *c, int event, int sig)
{
	unsigned long child = 0;

	switch (event) {
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		if (!ptrace(PTRACE_GETEVENTMSG, c->tid, 0, &child))
			born(c, (pid_t)child);
		go_on(c, 0);
		return;
	case PTRACE_EVENT_EXEC:
		on_exec(c);
		return;
	case PTRACE_EVENT_STOP:
		if (sig == SIGTRAP)
			go_on(c, 0);
		else
			ptrace(PTRACE_LISTEN, c->tid, 0, 0);
		return;
	default:
		go_on(c, event ? 0 : sig);
	}
}

static void on_wait(pid_t pid, int status)
{
	struct tracee *c = find(pid);
	int sig = WSTOPSIG(status);

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		drop(pid);
		if (pid == t.first)
			on_first_end(status);
		return;
	}
	if (!c)
		c = add(pid);
	c->stopped = true;
	if (!c->proc)
		return; /* the parent's event will name it */
	if (sig == (SIGTRAP | 0x80))
		on_syscall(c);
	else
		on_event(c, status >> 16, sig);
}

static void on_tick(int sig __attribute__((unused)))
{ /* interrupts waitpid */
}

static void tick(long usec)
{
	struct itimerval it = { { 0, usec }, { 0, usec } };

	setitimer(ITIMER_REAL, &it, NULL);
}

/* Until the first process has ended; then a second for all others. */
static bool follow(double deadline)
{
	int status;
	pid_t pid;

	while (now() < deadline) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == ECHILD)
			return true;
		if (pid < 0)
			continue;
		bool was_dead = t.first_dead;
		on_wait(pid, status);
		if (t.first_dead && (!was_dead || (t.lets_go && !t.ntracee)))
			return true;
	}
	return false;
}

static void report_stuck(const char *key)
{
	char buf[256], comm[32];
	int n = 0;

	for (int i = 0; i < t.ntracee; i++) {
		comm_get(t.tracees[i].tid, comm);
		if (slurp(t.tracees[i].tid, "syscall", buf, sizeof(buf)) < 0)
			buf[0] = 0;
		fprintf(t.out, "%s %s %s in %s\n", key,
			t.tracees[i].proc ? t.tracees[i].proc->name : "?", comm,
			nr_name(atoi(buf)));
		n++;
	}
	if (t.executed && !kill(t.payload, 0))
		fprintf(t.out, "%s payload %s\n", key, t.mark), n++;
	if (!n)
		fprintf(t.out, "%s other\n", key);
}

static void sweep(void)
{
	double end = now() + 3;
	int status;
	pid_t pid;

	for (int i = 0; i < t.ntracee; i++)
		kill(t.tracees[i].tid, SIGKILL);
	if (t.executed)
		kill(t.payload, SIGKILL);
	while (now() < end) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == ECHILD)
			return;
		if (pid > 0 && WIFSTOPPED(status))
			kill(pid, SIGKILL);
	}
}

static void report_sites(void)
{
	for (int i = 0; i < t.nproc; i++) {
		struct proc *p = &t.procs[i];

		fprintf(t.out, "proc %s %s\n", p->name, p->comm);
		if (!t.executed)
			memcpy(p->before, p->calls, sizeof(p->calls));
		for (int nr = 0; nr < NR_MAX; nr++)
			if (p->calls[nr])
				fprintf(t.out, "site %s %s %d %d\n", p->name,
					nr_name(nr), p->calls[nr],
					p->before[nr]);
	}
}

static void run(pid_t pid)
{
	double start = now();

	t.first = pid;
	tick(20000);
	if (!follow(start + t.seconds) || !t.first_dead) {
		fprintf(t.out, "hang %d\n", t.seconds);
		report_stuck("stuck");
	} else {
		fprintf(t.out, "status %s %d\n",
			WIFEXITED(t.first_status) ? "exit" : "signal",
			WIFEXITED(t.first_status) ? WEXITSTATUS(t.first_status)
						  : WTERMSIG(t.first_status));
		if (!(t.lets_go && !t.ntracee) && !follow(now() + 1) &&
		    !t.lets_go) {
			fprintf(t.out, "left 1\n");
			report_stuck("leaves");
		}
	}
	if (t.fault.what == NOTHING)
		report_sites();
	fprintf(t.out, "executed %d\ndone %d\nseconds %.3f\n", t.executed,
		t.done, now() - start);
	if (!t.lets_go)
		sweep();
}

/* ---- start ---- */

static void become(const char *user)
{
	struct passwd *pw = getpwnam(user);

	if (!pw)
		die("no user %s", user);
	if (initgroups(user, pw->pw_gid) || setgid(pw->pw_gid) ||
	    setuid(pw->pw_uid))
		die("become %s", user);
}

static pid_t start(char **argv)
{
	int go[2];
	char c;
	pid_t pid;

	if (pipe2(go, O_CLOEXEC))
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		close(go[1]);
		if (t.user)
			become(t.user);
		prctl(PR_SET_DUMPABLE, 1);
		if (read(go[0], &c, 1) != 1)
			_exit(124);
		execvp(argv[0], argv);
		die("exec %s", argv[0]);
	}
	close(go[0]);
	if (ptrace(PTRACE_SEIZE, pid, 0,
		   PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
			   PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			   PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL))
		die("seize");
	if (write(go[1], "", 1) != 1)
		die("pipe");
	close(go[1]);
	return pid;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_tick };
	struct proc *p = proc_new(NULL);
	pid_t pid;
	int opt;

	t.out = stderr;
	t.seconds = 10;
	while ((opt = getopt(argc, argv, "+lu:m:t:o:f:")) != -1) {
		if (opt == 'l')
			t.lets_go = true;
		else if (opt == 'u')
			t.user = optarg;
		else if (opt == 'm')
			t.mark = optarg;
		else if (opt == 't')
			t.seconds = atoi(optarg);
		else if (opt == 'f')
			fault_parse(optarg, &t.fault);
		else if (opt == 'o' && !(t.out = fopen(optarg, "we")))
			die("open %s", optarg);
		else if (opt == '?')
			return 124;
	}
	if (optind == argc)
		die("no command");
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sigaction(SIGALRM, &sa, NULL);
	pid = start(argv + optind);
	add(pid)->proc = p;
	run(pid);
	fclose(t.out);
	return 0;
}
