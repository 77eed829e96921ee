/* br, by brotli's decoder. */
#include "fetch/coding.h"

static void *allocate(void *opaque, size_t size) {
  (void)opaque;
  return xhr__malloc(size);
}

static void release(void *opaque, void *address) {
  (void)opaque;
  xhr__free(address);
}

static xhr_status init(xhr__coding *coding) {
  coding->u.br = BrotliDecoderCreateInstance(allocate, release, NULL);
  return coding->u.br ? XHR_OK : XHR_OUT_OF_MEMORY;
}

static void end(xhr__coding *coding) {
  BrotliDecoderDestroyInstance(coding->u.br);
}

static bool is_out_of_memory(const BrotliDecoderState *state) {
  BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state);
  return code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
         code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
}

static xhr_status decode(xhr__coding *coding, xhr__coding_io *io, bool *ended) {
  BrotliDecoderResult result = BrotliDecoderDecompressStream(coding->u.br, &io->in_len, &io->in,
                                                             &io->out_len, &io->out, NULL);
  *ended = result == BROTLI_DECODER_RESULT_SUCCESS;
  if (result != BROTLI_DECODER_RESULT_ERROR)
    return XHR_OK;
  return is_out_of_memory(coding->u.br) ? XHR_OUT_OF_MEMORY : XHR_ENCODING_ERR;
}

const xhr__coding_class xhr__coding_br = {
    .name = "br",
    .corrupt = "content coding br: the data is corrupt",
    .truncated = "content coding br: the body ends too early",
    .init = init,
    .end = end,
    .decode = decode,
};
