/* https://streams.spec.whatwg.org/#qs: ByteLengthQueuingStrategy and CountQueuingStrategy */
#include <math.h>

#include "infra/alloc.h"
#include "runtime/convert.h"
#include "runtime/readable_stream_internal.h"

/* ---- what the constructors of streams take: https://streams.spec.whatwg.org/#dictdef-queuingstrategy ------------- */

bool xhr__queuing_strategy_read(xhr__realm *realm, JSValueConst value,
                                xhr__queuing_strategy *strategy) {
  JSContext *js = realm->js;
  JSValue member;
  if (!xhr__dictionary_get(realm, value, "highWaterMark", &member))
    return false;
  strategy->has_high_water_mark = !JS_IsUndefined(member);
  bool good = !strategy->has_high_water_mark ||
              xhr__to_unrestricted_double(realm, member, &strategy->high_water_mark);
  JS_FreeValue(js, member);
  if (!good || !xhr__dictionary_get(realm, value, "size", &member))
    return false;
  strategy->size = member;
  if (JS_IsUndefined(member) || JS_IsFunction(js, member))
    return true;
  JS_ThrowTypeError(js, "a queuing strategy's size is no function");
  return false;
}

/* https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark */
bool xhr__extract_high_water_mark(xhr__realm *realm, const xhr__queuing_strategy *strategy,
                                  double otherwise, double *high_water_mark) {
  /* 1. - 2. */
  *high_water_mark = strategy->has_high_water_mark ? strategy->high_water_mark : otherwise;
  /* 3. */
  if (isnan(*high_water_mark) || *high_water_mark < 0) {
    JS_ThrowRangeError(realm->js, "a queuing strategy's highWaterMark is not a number >= 0");
    return false;
  }
  /* 4. */
  return true;
}

/* ---- the two classes -------------------------------------------------------------------------------------------- */

typedef struct queuing_strategy {
  xhr__platform_object object;
  double high_water_mark;
} queuing_strategy;

static void finalize(JSRuntime *runtime, void *object) {
  (void)runtime;
  xhr__free(object);
}

/* https://streams.spec.whatwg.org/#blqs-constructor and https://streams.spec.whatwg.org/#cqs-constructor */
static JSValue construct(xhr__realm *realm, const xhr__interface *interface,
                         JSValueConst new_target, JSValueConst init) {
  JSValue member;
  double high_water_mark;
  if (!xhr__dictionary_get(realm, init, "highWaterMark", &member))
    return JS_EXCEPTION;
  if (JS_IsUndefined(member))
    return JS_ThrowTypeError(realm->js, "new %s: highWaterMark is missing", interface->name);
  bool good = xhr__to_unrestricted_double(realm, member, &high_water_mark);
  JS_FreeValue(realm->js, member);
  if (!good)
    return JS_EXCEPTION;
  queuing_strategy *self = XHR__NEW(queuing_strategy);
  if (!self)
    return JS_ThrowOutOfMemory(realm->js);
  /* 1. */
  self->high_water_mark = high_water_mark;
  return xhr__platform_object_new(realm, interface, new_target, self);
}

static JSValue construct_byte_length(xhr__realm *realm, JSValueConst new_target, int argc,
                                     JSValueConst *argv) {
  (void)argc;
  return construct(realm, &xhr__byte_length_queuing_strategy_interface, new_target, argv[0]);
}

static JSValue construct_count(xhr__realm *realm, JSValueConst new_target, int argc,
                               JSValueConst *argv) {
  (void)argc;
  return construct(realm, &xhr__count_queuing_strategy_interface, new_target, argv[0]);
}

static JSValue get_high_water_mark(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)this_value;
  return JS_NewFloat64(realm->js, ((queuing_strategy *)self)->high_water_mark);
}

/* https://streams.spec.whatwg.org/#byte-length-queuing-strategy-size-function */
static JSValue byte_length_size(JSContext *js, JSValueConst this_value, int argc,
                                JSValueConst *argv) {
  (void)this_value, (void)argc;
  return JS_GetPropertyStr(js, argv[0], "byteLength");
}

/* https://streams.spec.whatwg.org/#count-queuing-strategy-size-function */
static JSValue count_size(JSContext *js, JSValueConst this_value, int argc, JSValueConst *argv) {
  (void)this_value, (void)argc, (void)argv;
  return JS_NewInt32(js, 1);
}

/* The global object's one function, made when it is first asked for. */
static JSValue size_function(xhr__realm *realm, JSValue *place, JSCFunction *steps, int length) {
  if (JS_IsUndefined(*place)) {
    JSValue function = JS_NewCFunction(realm->js, steps, "size", length);
    if (JS_IsException(function))
      return function;
    *place = function;
  }
  return JS_DupValue(realm->js, *place);
}

static JSValue get_byte_length_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return size_function(realm, &realm->byte_length_size, byte_length_size, 1);
}

static JSValue get_count_size(xhr__realm *realm, void *self, JSValueConst this_value) {
  (void)self, (void)this_value;
  return size_function(realm, &realm->count_size, count_size, 0);
}

static const xhr__member byte_length_members[] = {
    XHR__DEFINE_READONLY("highWaterMark", get_high_water_mark),
    XHR__DEFINE_READONLY("size", get_byte_length_size),
};
static const xhr__member count_members[] = {
    XHR__DEFINE_READONLY("highWaterMark", get_high_water_mark),
    XHR__DEFINE_READONLY("size", get_count_size),
};

const xhr__interface xhr__byte_length_queuing_strategy_interface = {
    .name = "ByteLengthQueuingStrategy",
    .construct = construct_byte_length,
    .construct_length = 1,
    .members = byte_length_members,
    .member_count = sizeof byte_length_members / sizeof *byte_length_members,
    .finalize = finalize,
};
const xhr__interface xhr__count_queuing_strategy_interface = {
    .name = "CountQueuingStrategy",
    .construct = construct_count,
    .construct_length = 1,
    .members = count_members,
    .member_count = sizeof count_members / sizeof *count_members,
    .finalize = finalize,
};
