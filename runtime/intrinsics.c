#include "runtime/intrinsics.h"

#include "infra/alloc.h"
#include "runtime/realm.h"

static const char code[] =
    "(() => {"
    "  const bind = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call);"
    "  const getter = (object, name) => Object.getOwnPropertyDescriptor(object, name).get;"
    "  const list = (forEach, pairs) => {"
    "    const each = bind(forEach);"
    "    return collection => {"
    "      const items = [];"
    "      let count = 0;"
    "      each(collection, (value, key) => {"
    "        items[count++] = key;"
    "        if (pairs) items[count++] = value;"
    "      });"
    "      return items;"
    "    };"
    "  };"
    "  const toBigInt = BigInt;"
    "  const bigIntOfDigits = (digits, negative) =>"
    "    negative ? -toBigInt('0x' + digits) : toBigInt('0x' + digits);"
    "  return ["
#define SAMPLE(name, sample) sample ","
    XHR__CLASS_MAP(SAMPLE)
#undef SAMPLE
#define FUNCTION(name, function) function ","
        XHR__INTRINSIC_MAP(FUNCTION)
#undef FUNCTION
            "  ];"
            "})()";

bool xhr__intrinsics_init(xhr__realm *realm) {
  JSContext *js = realm->js;
  xhr__intrinsics *intrinsics = XHR__NEW(xhr__intrinsics);
  if (!intrinsics) {
    JS_ThrowOutOfMemory(js);
    return false;
  }
  realm->intrinsics = intrinsics;
  for (size_t i = 0; i < XHR__INTRINSIC_COUNT; i++)
    intrinsics->functions[i] = JS_UNDEFINED;
  JSValue all = JS_Eval(js, code, sizeof code - 1, "<libxhr>", JS_EVAL_TYPE_GLOBAL);
  if (JS_IsException(all))
    return false;
  for (uint32_t i = 0; i < XHR__CLASS_COUNT; i++) {
    JSValue sample = JS_GetPropertyUint32(js, all, i);
    intrinsics->classes[i] = JS_GetClassID(sample);
    JS_FreeValue(js, sample);
  }
  bool done = true;
  for (uint32_t i = 0; i < XHR__INTRINSIC_COUNT; i++) {
    intrinsics->functions[i] = JS_GetPropertyUint32(js, all, XHR__CLASS_COUNT + i);
    done = done && !JS_IsUndefined(intrinsics->functions[i]);
  }
  JS_FreeValue(js, all);
  return done;
}

void xhr__intrinsics_free(xhr__realm *realm) {
  for (size_t i = 0; realm->intrinsics && i < XHR__INTRINSIC_COUNT; i++)
    JS_FreeValue(realm->js, realm->intrinsics->functions[i]);
  xhr__free(realm->intrinsics);
}

bool xhr__is_class(const xhr__realm *realm, JSValueConst value, xhr__class class) {
  return JS_IsObject(value) && JS_GetClassID(value) == realm->intrinsics->classes[class];
}

JSValue xhr__call_intrinsic(xhr__realm *realm, xhr__intrinsic function, JSValueConst this_value,
                            int argc, JSValueConst *argv) {
  return JS_Call(realm->js, realm->intrinsics->functions[function], this_value, argc, argv);
}

JSValue xhr__construct_intrinsic(xhr__realm *realm, xhr__intrinsic function, int argc,
                                 JSValueConst *argv) {
  return JS_CallConstructor(realm->js, realm->intrinsics->functions[function], argc, argv);
}
