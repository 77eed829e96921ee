# Completion of the command xhr for bash; installed as share/bash-completion/completions/xhr.

# Appends to COMPREPLY the files that the word $1 begins to name, each with $2 before it; with $3, names that match it.
_xhr_files() {
  local name
  # Bash would quote an "@".
  [[ ${2:-} == *@ ]] || compopt -o filenames 2>/dev/null
  while IFS= read -r name; do
    # shellcheck disable=SC2053  # a pattern is wanted
    if [[ -n ${3:-} && ! -d $name && $name != $3 ]]; then
      continue
    fi
    if [[ ${2:-} == *@ ]]; then
      [[ -d $name ]] && compopt -o nospace 2>/dev/null && name+=/
      printf -v name %q "$name"
    fi
    COMPREPLY+=("${2:-}$name")
  done < <(compgen -f -- "$1")
}

_xhr_words() {
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(compgen -W "$1" -- "$2")
}

# Sets `words` to what is typed up to the cursor, put together again: bash breaks words at "=", "@" and ":" as well.
_xhr_join_words() {
  local rest=${COMP_LINE:0:COMP_POINT} piece index last=-1
  words=()
  for ((index = 0; index <= COMP_CWORD; index++)); do
    piece=${COMP_WORDS[index]}
    if [[ $index -eq 0 || $rest == [[:space:]]* ]]; then
      rest=${rest#"${rest%%[![:space:]]*}"}
      ((++last))
      words[last]=
    fi
    words[last]+=$piece
    rest=${rest#"$piece"}
  done
}

# Completes the last of `words`, to whole words in COMPREPLY.
_xhr_complete() {
  local all="--cacert --cert --key --insecure -k --resolve --proxy -x --timeout -m --help -h --version -V"
  local both="--base --origin"
  local fetch="--request -X --header -H --data -d --form -F --upload-file -T --user -u --output -o --remote-name -O
    --include -i --fail -f --verbose -v --silent -s"
  local run="--eval -e --module"
  local last=$((${#words[@]} - 1)) index script=
  local word=${words[last]} before=${words[last - 1]} name=

  # Behind the script's name all is the script's.
  if [[ ${words[1]} == run && $last -gt 1 ]]; then
    for ((index = 2; index < last; index++)); do
      case ${words[index]} in
        --base | --cacert | --cert | --key | --resolve | --proxy | -x | --origin | --timeout | -m) ((index++)) ;;
        --eval | -e)
          ((index++))
          script=1
          ;;
        -*) ;;
        *) script=1 ;;
      esac
    done
    [[ -n $script ]] && _xhr_files "$word" && return
  fi

  if [[ $word == --*=* ]]; then
    before=${word%%=*}
    name=$before=
    word=${word#*=}
  fi
  case $before in
    --cacert | --cert | --key | --upload-file | -T | --output | -o)
      _xhr_files "$word" "$name"
      return
      ;;
    --data | -d)
      [[ $word == @* ]] && _xhr_files "${word#@}" "$name@"
      return
      ;;
    --form | -F)
      [[ $word == *=@* ]] && _xhr_files "${word#*=@}" "$name${word%%=@*}=@"
      return
      ;;
    --request | -X)
      _xhr_words "GET HEAD POST PUT PATCH DELETE OPTIONS" "$word"
      return
      ;;
    --header | -H)
      compopt -o nospace 2>/dev/null
      _xhr_words "Accept: Accept-Language: Authorization: Content-Type: Cookie: If-None-Match: Range: User-Agent:" "$word"
      return
      ;;
    --base | --resolve | --proxy | -x | --origin | --timeout | -m | --user | -u | --eval | -e) return ;;
  esac

  if [[ ${words[1]} == run && $last -gt 1 ]]; then
    if [[ $word == -* ]]; then
      _xhr_words "$run $both $all" "$word"
    else
      _xhr_files "$word" "" "*.@(js|mjs)"
    fi
  elif [[ ${words[1]} == page && $last -gt 1 ]]; then
    if [[ $word == -* ]]; then
      _xhr_words "$all" "$word"
    else
      _xhr_files "$word" "" "*.@(html|htm)"
    fi
  elif [[ $word == -* ]]; then
    _xhr_words "$fetch $both $all" "$word"
  elif [[ $last -eq 1 ]]; then
    compopt -o nospace 2>/dev/null
    _xhr_words "run page https:// http://" "$word"
  fi
}

_xhr() {
  local words kept piece=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  _xhr_join_words
  _xhr_complete
  # Bash puts in the last piece only, or what follows one that separates; but an "@" counts as the beginning of both.
  [[ $piece == [=:]* ]] && piece=
  kept=${words[${#words[@]} - 1]}
  kept=${kept%"$piece"}
  kept=${kept%@}
  COMPREPLY=("${COMPREPLY[@]#"$kept"}")
}

shopt -s extglob
complete -F _xhr xhr
