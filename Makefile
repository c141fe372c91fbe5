# immure - build, test and install. Every src/*.c is a program, every folder
# of src/ that holds .c files is a layer; no file is listed here.
#   make demo   install what is missing, build, run a sandbox, show its walls
#   make test   everything that needs no VM        make lint   the house rules
.DELETE_ON_ERROR:
.SECONDARY:
B       ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
PREFIX  ?= /usr/local
VERSION := 0.1.0
PKGS    := libseccomp libcap libapparmor libselinux json-c libarchive libcrypto

OPT     ?= -O2
WARN    := -Wall -Wextra -Werror -Wshadow -Wformat=2 -Wstrict-prototypes \
	   -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wundef
HARDEN  ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE \
	   -fno-strict-overflow -fno-delete-null-pointer-checks
CFLAGS  += -std=gnu17 $(OPT) -g $(WARN) $(HARDEN) $(EXTRA) -MMD -MP
CPPFLAGS += -Iinclude -Isrc -I$(B)/gen -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	   -DPREFIX='"$(PREFIX)"' -DLIBEXECDIR='"$(PREFIX)/libexec/immure"' \
	   -DDATADIR='"$(PREFIX)/share/immure"'
LDFLAGS += -pie -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed $(EXTRA)
LIBS    = $(shell pkg-config --libs $(PKGS)) -lpthread

# What asks systemd for a cgroup is left out where there is no libsystemd.
SYSTEMD := $(shell pkg-config --libs libsystemd 2>/dev/null)
PROGS   := $(filter-out $(if $(SYSTEMD),,immure-scope),$(patsubst src/%.c,%,$(wildcard src/*.c)))
LAYERS  := $(sort $(patsubst src/%/,%,$(dir $(wildcard src/*/*.c))))
LIB     := $(LAYERS:%=$(B)/lib/%.a)
UNIT    := $(patsubst tests/unit/%.c,$(B)/unit/%,$(wildcard tests/unit/*/test_*.c))
FUZZ    := $(patsubst fuzz/fuzz_%.c,%,$(wildcard fuzz/fuzz_*.c))
TOOLS   := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/lib/*.c \
	   tests/faults/*.c tests/bench/*.c tests/live/*.c \
	   tests/vm/*.c))

# Say what is made, not how; make V=1 shows how.
say = $(if $(V),,@echo "  $(1)" &&)

all: $(PROGS:%=$(B)/%)

define layer
$(B)/lib/$(1).a: $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/$(1)/*.c))
	@mkdir -p $$(@D) && rm -f $$@ && $(AR) rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer,$(l))))

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<
$(B)/obj/gen/%.o: $(B)/gen/%.c
	@mkdir -p $(@D)
	$(call say,CC $<)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# immure-profile compiles the built-in seccomp profiles at build time; all
# other programs carry the result.
GEN := $(B)/obj/gen/seccomp_builtin.o $(B)/obj/gen/init_blob.o
$(B)/gen/init_blob.c: $(B)/immure-init
	@mkdir -p $(@D)
	$(call say,GEN $@){ echo '#include "launch/init_blob.h"'; echo 'const unsigned char init_blob[] = {'; \
	  od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g'; echo '};'; \
	  echo 'const size_t init_blob_size = sizeof(init_blob);'; } > $@
$(B)/gen/seccomp_builtin.c: $(B)/immure-profile $(wildcard profiles/seccomp/*.json)
	@mkdir -p $(@D)
	$(call say,GEN $@)$< --emit-c profiles/seccomp/*.json > $@

LINK = $(call say,LD $@)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.o,$^) \
	-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS)
$(B)/immure-profile: $(B)/obj/immure-profile.o $(LIB)
	$(LINK)
# What sees a rootfs is static (R9; and it starts faster), where the static
# libraries are there: it uses these two only.
STATIC_OK := $(if $(EXTRA),,$(wildcard $(shell $(CC) -print-file-name=libseccomp.a)))
$(B)/immure $(B)/immure-oci $(B)/immure-monitor: private LIBS = -lseccomp -ljson-c
$(B)/immure $(B)/immure-oci $(B)/immure-monitor: private LDFLAGS := \
  $(if $(STATIC_OK),$(LDFLAGS:-pie=-static-pie),$(LDFLAGS))
$(B)/immure-scope: private LIBS = $(SYSTEMD) -ljson-c
# pid 1 of a sandbox: static, no libc, a few kilobytes.
$(B)/immure-init: src/immure-init.c
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CPPFLAGS) -std=gnu17 -Os $(WARN) -ffreestanding -fno-stack-protector \
	  -fno-pie -static -nostdlib -Wl,--build-id=none,-z,noexecstack -o $@ $<
# What immure-oci copies of itself into memory, every time that it starts a
# container, holds no debugging information: gdb finds it beside the program.
SPLIT = objcopy --only-keep-debug $@ $@.debug && chmod a-x $@.debug && \
	objcopy --strip-debug --add-gnu-debuglink=$@.debug $@
$(filter-out $(B)/immure-init $(B)/immure-profile,$(PROGS:%=$(B)/%)): \
		$(B)/%: $(B)/obj/%.o $(LIB) $(GEN)
	$(LINK)
	$(if $(EXTRA),,$(if $(filter immure-oci,$(@F)),@$(SPLIT)))

# ---- tests ----
$(B)/unit/%: tests/unit/%.c $(LIB) $(GEN)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CPPFLAGS) -Itests/lib $(CFLAGS) $(LDFLAGS) -o $@ $< $(GEN) \
	  -Wl,--start-group $(LIB) -Wl,--end-group $(LIBS) -lcmocka
$(B)/tests/%: tests/%.c $(LIB) $(GEN)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CPPFLAGS) -Itests/lib $(CFLAGS) $(LDFLAGS) -o $@ $< $(GEN) \
	  -Wl,--start-group $(LIB) -Wl,--end-group $(LIBS)
# What runs in an empty rootfs: static, and of no layer.
STATIC := $(addprefix $(B)/tests/,faults/probe bench/true bench/peak bench/seccomp_calls \
	  live/traps_probe live/oci_probe vm/probe)
$(STATIC): $(B)/tests/%: tests/%.c
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) -D_GNU_SOURCE -std=gnu17 -O2 -g $(WARN) -static -o $@ $<
FUZZ_unpack := $(addprefix src/store/,unpack.c tree.c stream.c)
# A fuzz target is compiled twice: with libFuzzer (clang) to search, and with
# replay.c to run its corpus in every test run.
$(B)/fuzz/%: fuzz/fuzz_%.c $(wildcard src/*/*.c)
	@mkdir -p $(@D)
	$(call say,FUZZ $@)clang $(CPPFLAGS) -std=gnu17 -g -O1 -fsanitize=fuzzer,address,undefined \
	  -fno-sanitize-recover=undefined -o $@ $< src/base/*.c src/format/*.c \
	  src/plan/*.c src/policy/*.c $(FUZZ_$*) $(LIBS)
$(B)/replay/%: fuzz/fuzz_%.c fuzz/replay.c $(LIB) $(GEN)
	@mkdir -p $(@D)
	$(call say,LD $@)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(GEN) \
	  -Wl,--start-group $(LIB) -Wl,--end-group $(LIBS)

built: all $(UNIT) $(TOOLS) $(FUZZ:%=$(B)/replay/%)
deps-test:
	@src/dist/deps --test
deps:
	@src/dist/deps
test: deps-test
	@$(MAKE) --no-print-directory built && BUILD=$(B) tests/run
demo: deps
	@$(MAKE) --no-print-directory all && BUILD=$(B) tests/demo
lint: deps-test
	@$(MAKE) --no-print-directory built
	@BUILD=$(B) tests/lint/run
asan:
	@$(MAKE) --no-print-directory B=build-asan OPT=-O1 HARDEN=-fPIE \
	  EXTRA="-fsanitize=address,undefined -fno-sanitize-recover=undefined" built
	@BUILD=build-asan SANITIZED=1 tests/run
cover:
	@$(MAKE) --no-print-directory B=build-cover OPT=-O0 HARDEN=-fPIE \
	  EXTRA="--coverage" built
	@BUILD=build-cover tests/run; tests/lint/cover
fuzz: $(FUZZ:%=$(B)/fuzz/%)
fuzz-%: $(B)/fuzz/%
	@mkdir -p $(B)/corpus/$* && $< -max_total_time=$(or $(T),60) -timeout=10 \
	  -rss_limit_mb=2048 $(B)/corpus/$* $(wildcard fuzz/corpus/$*)
test-faults: built
	@BUILD=$(B) tests/faults/run --all
	@BUILD=$(B) tests/faults/oci_kill.py --all
# Guests with another kernel: tests/vm/run says which.
test-vm: deps-vm
	@$(MAKE) --no-print-directory built && BUILD=$(B) tests/vm/run
test-vm-%: deps-vm
	@$(MAKE) --no-print-directory built && BUILD=$(B) tests/vm/run $*
deps-vm:
	@src/dist/deps --vm
test-mutants:
	@tests/live/escapes/mutate
bench: built
	@BUILD=$(B) tests/bench/run
format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i
install: all
	@src/dist/install "$(PREFIX)" $(B) $(DESTDIR)
clean:
	rm -rf build build-asan build-cover
.PHONY: all built deps deps-test deps-vm test demo lint asan cover fuzz test-faults test-vm test-mutants bench format install clean
-include $(shell find $(B) -name '*.d' 2>/dev/null)
